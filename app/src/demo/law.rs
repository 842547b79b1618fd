//! The lives of complaints and denunciations in the demo: the steps of their procedures, with believable days between them.

use super::dice::Dice;
use super::plan::{Life, Step};
use crate::procedures::step::Step as Lawful;
use crate::procedures::step::{Attendance, Finding, Ground};
use chrono::{DateTime, NaiveDate, Utc};

/// A step of the law, before it is known who takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    CheckIdentity,
    KeepAsInformation,
    Accept,
    Refuse(Ground),
    Charge,
    Report { differs: bool },
    Invite(NaiveDate),
    Hold,
    Extend,
    Decide(Finding),
    Conclude(Finding),
    Send,
    Serve,
    TakeEffect,
    Execute,
    ActOn,
    ReportAction,
    Publish,
    TakeBack,
    TakeUp,
    Convey,
}

impl Law {
    /// The step itself, taken on `on`. Whoever has the case verifies it.
    pub fn lawful(self, on: NaiveDate, unit_id: Option<String>, account_id: Option<String>) -> Lawful {
        match self {
            Self::CheckIdentity => Lawful::CheckIdentity { is_verified: true },
            Self::KeepAsInformation => Lawful::KeepAsInformation,
            Self::Accept => Lawful::Accept,
            Self::Refuse(ground) => Lawful::Refuse { ground },
            Self::Charge => Lawful::Charge { unit_id, account_id },
            Self::Report { differs } => Lawful::ReportVerification { differs },
            Self::Invite(day) => Lawful::Invite { day },
            Self::Hold => Lawful::HoldDialogue { on, attendance: Attendance::All },
            Self::Extend => Lawful::Extend,
            Self::Decide(finding) => Lawful::Decide { finding },
            Self::Conclude(finding) => Lawful::Conclude { finding },
            Self::Send => Lawful::Send { on },
            Self::Serve => Lawful::Serve { on },
            Self::TakeEffect => Lawful::TakeEffect,
            Self::Execute => Lawful::Execute { on },
            Self::ActOn => Lawful::ActOn { on },
            Self::ReportAction => Lawful::ReportAction { on },
            Self::Publish => Lawful::Publish { on },
            Self::TakeBack => Lawful::TakeBack,
            Self::TakeUp => Lawful::TakeUp,
            Self::Convey => Lawful::Convey,
        }
    }
}

fn finding(dice: &mut Dice) -> Finding {
    match dice.unit() {
        u if u < 0.3 => Finding::Right,
        u if u < 0.6 => Finding::PartlyRight,
        _ => Finding::Wrong,
    }
}

impl Life<'_> {
    fn law(&mut self, from: DateTime<Utc>, (least, most): (i64, i64), step: impl FnOnce(&mut Self, DateTime<Utc>) -> Law) -> DateTime<Utc> {
        let lag = self.dice.between(least, most);
        let at = self.office(from, lag);
        let step = step(self, at);
        self.add(at, Step::Law(step))
    }

    /// From the desk to the decision and its execution; gives when the decision went out.
    pub(super) fn complain(&mut self, assigned: DateTime<Utc>) -> DateTime<Utc> {
        // Nobody has accepted it before it is late: the queue must have something red.
        let most = if self.dice.chance(0.08) { 12 } else { 3 };
        if self.dice.chance(0.12) {
            let ground = *self.dice.pick(&[Ground::OutOfTime, Ground::NotOwnRights, Ground::NoSignature]);
            return self.law(assigned, (1, most), |_, _| Law::Refuse(ground));
        }
        if self.dice.chance(0.03) {
            let at = self.home(assigned, 2.0);
            return self.add(at, Step::Law(Law::TakeBack));
        }
        let mut at = self.law(assigned, (1, most), |_, _| Law::Accept);
        at = self.law(at, (0, 2), |_, _| Law::Charge);
        if self.dice.chance(0.1) {
            at = self.law(at, (2, 4), |_, _| Law::Extend);
        }
        let differs = self.dice.chance(0.6);
        at = self.law(at, (4, 9), |_, _| Law::Report { differs });
        if differs {
            let invited = self.office(at, 1);
            // Six working days are always five days and more.
            let held = self.office(invited, 6);
            self.add(invited, Step::Law(Law::Invite(crate::clock::day(held))));
            at = self.add(held, Step::Law(Law::Hold));
        }
        let found = finding(&mut self.dice);
        let decided = self.law(at, (1, 4), |_, _| Law::Decide(found));
        let sent = self.law(decided, (1, 2), |_, _| Law::Send);
        self.law(sent, (1, 3), |_, _| Law::Serve);
        // 45 days in a remote place, days off at its end included.
        let in_force = self.law(decided, (36, 40), |_, _| Law::TakeEffect);
        let executed = self.law(in_force, (2, 9), |_, _| Law::Execute);
        let at = self.office(executed, 2);
        self.add(at, Step::Close);
        decided
    }

    /// From the desk to the conclusion and what follows it.
    pub(super) fn denounce(&mut self, assigned: DateTime<Utc>, is_named: bool) {
        let mut at = self.law(assigned, (0, 2), |_, _| Law::CheckIdentity);
        if !is_named {
            self.law(at, (0, 2), |_, _| Law::KeepAsInformation);
            return;
        }
        at = self.law(at, (1, 3), |_, _| Law::Accept);
        let told = self.law(at, (1, 3), |_, _| Law::Send);
        at = self.law(told, (0, 1), |_, _| Law::Charge);
        if self.dice.chance(0.3) {
            at = self.law(at, (4, 9), |_, _| Law::Extend);
        }
        at = self.law(at, (6, 10), |_, _| Law::Report { differs: false });
        let found = finding(&mut self.dice);
        let concluded = self.law(at, (2, 4), |_, _| Law::Conclude(found));
        let sent = self.law(concluded, (1, 3), |_, _| Law::Send);
        let acted = self.law(sent, (1, 2), |_, _| Law::ActOn);
        let reported = self.law(acted, (1, 3), |_, _| Law::ReportAction);
        let published = self.law(reported, (0, 2), |_, _| Law::Publish);
        let at = self.office(published, 3);
        self.add(at, Step::Close);
    }
}
