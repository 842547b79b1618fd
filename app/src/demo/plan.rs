//! What happens to a case and when, before any word of it is written.
//!
//! A plan is drawn to its end and then cut at the beginning of today: that is how the newest cases come to stand in every state.

use super::dice::Dice;
use super::law::Law;
use super::world::{Body, World};
use crate::petitions::rules::Kind;
use chrono::{DateTime, Datelike, Utc};

/// Something that will happen. What it says is made later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Receive,
    Reclassify(Kind),
    /// To an authority, as a place in [`World::bodies`].
    Forward(usize),
    /// Somebody of the public service unit is denounced: the unit stays away.
    Bar,
    /// To a unit, or by name to somebody in it.
    Assign {
        by_name: bool,
    },
    Ask,
    Reply,
    /// The citizen writes without being asked.
    Write,
    Note,
    Propose,
    Return,
    Answer,
    ProposePublic,
    Release,
    Withdraw,
    Close,
    Reopen,
    Rate,
    /// Of a complaint or a denunciation.
    Law(Law),
}

/// The life of a case.
#[derive(Debug)]
pub(super) struct Plan {
    pub filed_at: DateTime<Utc>,
    pub place: usize,
    pub matter: usize,
    /// The kind the citizen chose.
    pub filed_kind: Kind,
    pub first_body: usize,
    pub may_publish: bool,
    pub is_named: bool,
    /// In order of time, all before the horizon.
    pub steps: Vec<(DateTime<Utc>, Step)>,
}

impl Plan {
    /// When the case is released, if it is.
    pub fn released_at(&self) -> Option<DateTime<Utc>> {
        self.steps.iter().find(|(_, step)| *step == Step::Release).map(|(at, _)| *at)
    }

    /// Whether the citizen has an answer and has neither rated it nor asked again.
    pub fn waits_for_rating(&self) -> bool {
        matches!(self.steps.iter().rfind(|(_, step)| !matches!(step, Step::ProposePublic | Step::Release)), Some((_, Step::Answer)))
    }
}

/// The plan of case `index`; none if the texts have no matter of the drawn kind.
pub(super) fn plan(world: &World, index: u64) -> Option<Plan> {
    let mut dice = Dice::new(world.options.seed, index * 2);
    let filed_at = world.table.filed_at(index, world.options.cases, &mut dice);
    let place = world.place(&mut dice);
    let kind = match dice.unit() {
        u if u < 0.58 => Kind::Report,
        u if u < 0.596 => Kind::AdministrativeRule,
        u if u < 0.61 => Kind::Praise,
        u if u < 0.83 => Kind::Recommendation,
        u if u < 0.965 => Kind::Complaint,
        _ => Kind::Denunciation,
    };
    let matter = world.matter(kind, world.places[place].is_ward, crate::clock::day(filed_at).month(), &mut dice)?;
    let answering = world.answering(matter, place, &mut dice);
    let commune = world.places[place].body;
    let filed_kind = chosen_kind(kind, &mut dice);
    // Only what is answered is handed over; a complaint is guided, a denunciation passed on, each with a letter.
    let goes_astray = answering != commune && dice.chance(0.65) && filed_kind.is_opinion();
    let first_body = if goes_astray { commune } else { answering };
    // The filing rule: what is not public by its kind is not asked for.
    let may_publish = (dice.chance(0.84) || filed_kind.must_be_published()) && filed_kind.can_be_public();
    let is_named = filed_kind.asks_name() || dice.chance(0.7);
    let mut life = Life { world, dice, steps: Vec::new(), kind, answering, may_publish: may_publish && kind.can_be_public() };
    life.live(filed_at, first_body, filed_kind);
    let mut steps = life.steps;
    steps.retain(|(at, _)| *at < world.table.horizon);
    Some(Plan { filed_at, place, matter, filed_kind, first_body, may_publish, is_named, steps })
}

/// The kind a citizen takes it for: nearly always the right one.
fn chosen_kind(kind: Kind, dice: &mut Dice) -> Kind {
    let is_mistaken = dice.chance(if kind == Kind::Denunciation { 0.1 } else { 0.03 });
    match kind {
        Kind::Report if is_mistaken && dice.chance(0.3) => Kind::Complaint,
        Kind::Report if is_mistaken => Kind::Recommendation,
        Kind::Recommendation | Kind::Denunciation if is_mistaken => Kind::Report,
        kind => kind,
    }
}

pub(super) struct Life<'a> {
    world: &'a World,
    pub(super) dice: Dice,
    steps: Vec<(DateTime<Utc>, Step)>,
    kind: Kind,
    answering: usize,
    may_publish: bool,
}

impl Life<'_> {
    pub(super) fn add(&mut self, at: DateTime<Utc>, step: Step) -> DateTime<Utc> {
        self.steps.push((at, step));
        at
    }

    pub(super) fn office(&mut self, from: DateTime<Utc>, working_days: i64) -> DateTime<Utc> {
        self.world.table.office(from, working_days, &mut self.dice)
    }

    pub(super) fn home(&mut self, from: DateTime<Utc>, days_max: f64) -> DateTime<Utc> {
        let days = 0.05 + self.dice.unit() * days_max;
        self.world.table.home(from, days, &mut self.dice)
    }

    fn body(&self) -> &Body {
        &self.world.bodies[self.answering]
    }

    fn live(&mut self, filed_at: DateTime<Utc>, first_body: usize, filed_kind: Kind) {
        let mut assigned = self.intake(filed_at, first_body, filed_kind);
        match self.kind {
            Kind::Complaint => {
                let decided = self.complain(assigned);
                let is_decided = self.steps.iter().any(|(_, step)| matches!(step, Step::Law(Law::Decide(_))));
                if is_decided {
                    self.publish(assigned, decided);
                }
                self.steps.sort_by_key(|(at, _)| *at);
                return;
            }
            Kind::Denunciation => return self.denounce(assigned, filed_kind.needs_identity()),
            Kind::AdministrativeRule => {
                let taken_up = self.office(assigned, 0);
                assigned = self.add(taken_up, Step::Law(Law::TakeUp));
            }
            Kind::Praise => {
                let conveyed = self.office(assigned, 0);
                assigned = self.add(conveyed, Step::Law(Law::Convey));
            }
            Kind::Report | Kind::Recommendation => {}
        }
        let answered = self.work(filed_at, assigned);
        if self.dice.chance(0.028) {
            // Taken back somewhere on the way; nothing planned for later happens.
            let (from, to) = (self.may_be_taken_back(filed_at, filed_kind).timestamp(), answered.timestamp());
            let seconds = self.dice.between((from + 3_600).min(to), to);
            let at = DateTime::from_timestamp(seconds, 0).unwrap_or(answered).min(answered);
            self.steps.retain(|(earlier, _)| *earlier < at);
            self.add(at, Step::Withdraw);
            return;
        }
        let answered = self.after_answer(answered);
        if self.kind.must_be_published() {
            let at = self.office(answered, 0);
            self.add(at, Step::Law(Law::Publish));
        }
        self.publish(assigned, answered);
        self.steps.sort_by_key(|(at, _)| *at);
    }

    /// From when on it can be taken back without the law's own step: what was sent as a complaint by mistake, once that is put right.
    fn may_be_taken_back(&self, filed_at: DateTime<Utc>, filed_kind: Kind) -> DateTime<Utc> {
        let corrected = self.steps.iter().find(|(_, step)| matches!(step, Step::Reclassify(_))).map(|(at, _)| *at);
        corrected.filter(|_| !filed_kind.is_answered()).unwrap_or(filed_at)
    }

    /// From sending to a desk; gives when it lies there.
    fn intake(&mut self, filed_at: DateTime<Utc>, first_body: usize, filed_kind: Kind) -> DateTime<Utc> {
        let lag = if self.dice.chance(0.7) { 0 } else { 1 };
        let mut at = self.office(filed_at, lag);
        if first_body != self.answering {
            if self.dice.chance(0.5) {
                self.add(at, Step::Receive);
                at = self.office(at, 0);
            }
            self.add(at, Step::Forward(self.answering));
            let lag = self.dice.between(0, 1);
            at = self.office(at, lag);
        }
        self.add(at, Step::Receive);
        if filed_kind != self.kind {
            at = self.office(at, 0);
            self.add(at, Step::Reclassify(self.kind));
        }
        if self.kind == Kind::Denunciation {
            self.add(at, Step::Bar);
        }
        let lag = self.dice.between(0, 1);
        at = self.office(at, lag);
        let by_name = self.dice.chance(0.72) || self.kind == Kind::Denunciation;
        self.add(at, Step::Assign { by_name })
    }

    /// From the desk to the answer; gives when it goes out.
    fn work(&mut self, filed_at: DateTime<Utc>, assigned: DateTime<Utc>) -> DateTime<Utc> {
        let mut at = assigned;
        if self.dice.chance(0.22) {
            at = self.office(at, 0);
            self.add(at, Step::Note);
        }
        if self.dice.chance(0.24) {
            let lag = self.dice.between(0, 1);
            at = self.office(at, lag);
            self.add(at, Step::Ask);
            if self.dice.chance(0.86) {
                at = self.home(at, 2.5);
                self.add(at, Step::Reply);
            }
        }
        if self.dice.chance(0.05) {
            let at = self.home(at, 1.5);
            self.add(at, Step::Write);
        }
        let length = self.length();
        let planned = self.office(filed_at, length);
        at = if planned > at { planned } else { self.office(at, 0) };
        self.add(at, Step::Propose);
        if self.dice.chance(0.08) {
            at = self.office(at, 0);
            self.add(at, Step::Return);
            at = self.office(at, 1);
            self.add(at, Step::Propose);
        }
        let lag = if self.dice.chance(0.6) { 0 } else { 1 };
        at = self.office(at, lag);
        self.add(at, Step::Answer)
    }

    /// Working days from sending to the draft.
    #[expect(clippy::cast_possible_truncation, reason = "a few dozen days")]
    fn length(&mut self) -> i64 {
        let (pace, late) = (self.body().pace, self.body().late);
        if self.dice.chance(late) {
            // Most late answers are a few days late, some weeks.
            let tail = if self.dice.chance(0.15) { 25 } else { 6 };
            return 10 + self.dice.between(0, tail);
        }
        let middle = (self.dice.unit() + self.dice.unit()) / 2.0;
        ((pace * (0.35 + 1.3 * middle)) as i64).clamp(1, 9)
    }

    /// Rating, a second round, closing; gives when the answer that stays went out.
    fn after_answer(&mut self, first_answer: DateTime<Utc>) -> DateTime<Utc> {
        let mut answered = first_answer;
        // Praise is thanked for once.
        if self.dice.chance(0.022) && self.kind.has_period() {
            let lag = self.dice.between(2, 6);
            let reopened = self.office(answered, lag);
            self.add(reopened, Step::Reopen);
            let lag = self.dice.between(2, 9);
            let proposed = self.office(reopened, lag);
            self.add(proposed, Step::Propose);
            answered = self.office(proposed, 0);
            self.add(answered, Step::Answer);
        }
        if self.dice.chance(0.05) {
            let at = self.home(answered, 3.0);
            self.add(at, Step::Write);
        }
        // Thanks are not rated.
        if self.dice.chance(0.34) && self.kind.has_period() {
            let at = self.home(answered, 6.0);
            self.add(at, Step::Rate);
        }
        if self.dice.chance(0.85) {
            let lag = self.dice.between(5, 14);
            let at = self.office(answered, lag);
            self.add(at, Step::Close);
        }
        answered
    }

    /// The public text: usually after the answer, sometimes while the case is being handled.
    fn publish(&mut self, assigned: DateTime<Utc>, answered: DateTime<Utc>) {
        if !self.may_publish || !self.dice.chance(0.8) {
            return;
        }
        let from = if self.dice.chance(0.12) { assigned } else { answered };
        let lag = self.dice.between(0, 2);
        let proposed = self.office(from, lag);
        self.add(proposed, Step::ProposePublic);
        let lag = self.dice.between(0, 3);
        let at = self.office(proposed, lag);
        self.add(at, Step::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::Directory;
    use crate::demo::Options;
    use crate::routing::rules::tests::{agency, area, day};

    const PLANS: u64 = 200_000;

    fn world() -> World {
        let agencies = ["19.ub province_committee - 19 2025-07-01 -", "19.01969.ub commune_committee 19.ub 01969 2025-07-01 -"].map(agency).to_vec();
        let directory = Directory::new(day("2026-11-20"), agencies, vec![area("19", None), area("01969", Some("19"))], Vec::new(), Vec::new());
        World::new(&directory, Options { seed: 1, cases: PLANS, today: day("2026-11-20") }).expect("a world")
    }

    /// The portal asks nobody to rate thanks; the demo had ratings of them all the same.
    #[test]
    fn praise_is_thanked_for_and_not_rated() {
        let world = world();
        let praise = (0..PLANS / 20).filter_map(|index| plan(&world, index)).filter(|plan| world.texts.matters[plan.matter].kind == Kind::Praise);
        let (mut thanked, mut rated) = (0, 0);
        for plan in praise {
            thanked += plan.steps.iter().filter(|(_, step)| *step == Step::Answer).count();
            rated += plan.steps.iter().filter(|(_, step)| *step == Step::Rate).count();
        }
        assert!(thanked > 0 && rated == 0, "{thanked} thanked, {rated} rated");
    }

    /// One in some ten thousand cases was taken back by the portal's own step while it still passed for a complaint, which the law has
    /// a step of its own for: a demo of a hundred thousand cases could not be made.
    #[test]
    fn what_passes_for_a_complaint_is_not_taken_back_before_that_is_put_right() {
        let world = world();
        let mut met = 0;
        for index in 0..PLANS {
            let Some(plan) = plan(&world, index) else { continue };
            let is_taken_back = plan.steps.iter().any(|(_, step)| *step == Step::Withdraw);
            if is_taken_back && !plan.filed_kind.is_answered() {
                met += 1;
                assert!(plan.steps.iter().any(|(_, step)| matches!(step, Step::Reclassify(_))), "case {index}: {:?}", plan.steps);
            }
        }
        assert!(met > 0, "some are taken back");
    }
}
