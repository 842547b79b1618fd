//! People and cases that belong together in a demo: a complaint of many, a repeat, a part, citizens who joined. Made by the portal's own
//! actions, in the name of the intake of each authority with sign-ins.

use super::store;
use super::{SIGN_INS, sign_ins};
use crate::accounts::store as accounts;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::Role;
use crate::petitions::actions::Act;
use crate::petitions::relation::Tie;
use crate::petitions::store::by_id;
use crate::petitions::store::parts::CasePerson;
use crate::portal::Portal;
use crate::relations::groups::{Chosen, add_list, represent};
use crate::relations::joining::join;
use crate::relations::links::{link, partner};
use crate::relations::signing::read_list;

/// A list as it might come on paper. No person is real.
const LIST: &str = "1. Nông Văn Sài; thôn Nà Món; 0900 000 101; đã ký
2. Hoàng Thị Phấy; thôn Nà Món; 000 185 000 102; đã ký
3. Triệu Sùn Phẩu; thôn Khuổi Sla; ; điểm chỉ
4. Đàm Văn Kiệm; thôn Khuổi Sla; 0900 000 104; đã ký
5. Bàn Mùi Nái; thôn Khuổi Sla; ; chưa ký
6. Hà Văn Tuyến; thôn Nà Món; 0900 000 106; đã ký
7. Lý Thị Xuân; thôn Nà Món; 0900 000 107; đã ký
8. Ma Văn Thiệp; thôn Nà Món; 0900 000 108; đã ký
9. Nông Thị Lượng; thôn Nà Món; 0900 000 109; đã ký
10. Chu Văn Hính; thôn Khuổi Sla; 0900 000 110; đã ký
11. Dương Thị Vóc; thôn Khuổi Sla; 0900 000 111; đã ký";
/// Citizens who joined a released report.
const JOINED: i64 = 11;

/// Fills it in. Does nothing where the demo is too small to have such cases.
pub async fn fill(portal: &Portal) -> Result<()> {
    let directory = portal.directory();
    let intakes = sign_ins().into_iter().filter(|sign_in| sign_in.role == Role::Intake);
    for ((code, _, _), sign_in) in SIGN_INS.into_iter().zip(intakes) {
        let Some(body_id) = directory.body_by_code(code).map(|body| body.id.clone()) else { continue };
        let mut tx = portal.db().write().await?;
        let Some(intake) = official_of(&mut tx, portal, &sign_in.login).await? else { continue };
        let mut act = Act { tx: &mut tx, portal, actor: &intake };
        many_people(&mut act, &body_id).await?;
        repeat(&mut act, &body_id).await?;
        joined(&mut act, &body_id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whoever signs in under a name.
pub(super) async fn official_of(tx: &mut Tx, portal: &Portal, login: &str) -> Result<Option<Actor>> {
    let Some(credentials) = accounts::credentials(tx, login).await? else { return Ok(None) };
    let official = accounts::official(tx, &credentials.id, crate::clock::day(portal.now())).await?;
    Ok(official.map(Actor::Official))
}

/// A complaint (or where there is none, a recommendation) that eleven more sign, one signature missing.
async fn many_people(act: &mut Act<'_>, body_id: &str) -> Result<()> {
    let mut ids = store::open_of_kind(act.tx, body_id, "complaint", 1).await?;
    ids.extend(store::open_of_kind(act.tx, body_id, "recommendation", 1).await?);
    let Some((id,)) = ids.into_iter().next() else { return Ok(()) };
    let case = by_id(act.tx, &id).await?.ok_or(AppError::NotFound)?;
    let (lines, _) = read_list(LIST);
    let case = add_list(act, &case, &lines, false).await?;
    let signers = crate::relations::store::signers::after(act.tx, &id, 0, 2).await?;
    let chosen = Chosen { has_sender: true, signers: signers.into_iter().map(|signer| signer.id).collect() };
    represent(act, &case, &chosen).await.map(drop)
}

/// Two reports of one authority in one matter.
async fn repeat(act: &mut Act<'_>, body_id: &str) -> Result<()> {
    let ids = store::open_of_kind(act.tx, body_id, "report", 2).await?;
    let [(later,), (first,)] = ids.as_slice() else { return Ok(()) };
    let case = by_id(act.tx, later).await?.ok_or(AppError::NotFound)?;
    if partner(act, &case, first).await?.is_err() {
        return Ok(());
    }
    link(act, &case, first, Tie::SameMatter, "Hai hộ cùng báo một việc, đã gọi điện hỏi lại.").await.map(drop)
}

/// A released report that others have joined.
async fn joined(act: &mut Act<'_>, body_id: &str) -> Result<()> {
    let Some((number,)) = store::joinable(act.tx, body_id, 1).await?.pop() else { return Ok(()) };
    for place in 0..JOINED {
        let person = CasePerson { phone: format!("09000002{place:02}"), language: "vi".to_owned(), ..CasePerson::default() };
        join(act, number, &act.portal.random().token(), &person).await?;
    }
    Ok(())
}
