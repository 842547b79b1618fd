use super::*;
use proptest::prelude::*;
use std::time::Instant;

fn person() -> Known {
    Known {
        names: vec!["Hoàng Văn Tú".into()],
        phones: vec!["0912 345 678".into()],
        id_numbers: vec!["019085001234".into()],
        emails: vec!["tu.hoang@vi-du.vn".into()],
        addresses: vec!["Số 7, ngõ Cây Si, thôn Đông, xã Tân Cương".into()],
    }
}

/// What is suggested, as "kind:words".
fn seen(text: &str) -> Vec<String> {
    suggest(text, &person()).iter().map(|s| format!("{}:{}", s.kind.code(), &text[s.place.clone()])).collect()
}

fn all_hidden(text: &str) -> String {
    let text: String = text.nfc().collect();
    let hidden: Vec<Hidden> = found(&text, &person()).into_iter().map(|found| found.hidden).collect();
    hide(&text, &hidden)
}

#[test]
fn names_the_portal_knows_are_found_in_any_spelling() {
    for spelling in ["Hoàng Văn Tú", "HOÀNG VĂN TÚ", "hoang van tu", "Hoang  Van Tu", "hoàng văn tú", "Hoàng **Văn** Tú", "Hoa\u{300}ng Va\u{306}n Tu\u{301}"]
    {
        let text = format!("Theo đơn thì {spelling} đã báo từ tháng trước.");
        let found = suggest(&text, &person());
        assert!(found.len() == 1 && found[0].is_known && &text[found[0].place.clone()] == spelling, "{spelling}: {found:?}");
    }
    assert_eq!(seen("Hôm đó ông Tú có mặt."), ["name:Tú"]);
    assert_eq!(seen("hôm đó ông tú có mặt"), ["name:tú"]);
    assert_eq!(seen("Nhà của Văn Tú bị ngập"), ["name:Văn Tú"]);
    assert_eq!(seen("Quán phở Túc mở cửa, tù và, tư thế"), [] as [&str; 0], "other words with the same letters");
    assert_eq!(seen("Hoàng Văn Túc"), ["name:Hoàng Văn Túc"], "somebody else, whole");
}

#[test]
fn other_names_are_found_by_family_name_and_by_how_people_are_called() {
    assert_eq!(seen("Hàng xóm là bà Nguyễn Thị Lan Anh và anh Sùng A Páo."), ["name:Nguyễn Thị Lan Anh", "name:Sùng A Páo"]);
    assert_eq!(seen("do TRẦN QUỐC TOẢN ký"), ["name:TRẦN QUỐC TOẢN"]);
    assert_eq!(seen("nhà nguyen van binh o cuoi ngo"), ["name:nguyen van binh"]);
    assert_eq!(seen("gặp chị Ba Khía ở chợ"), ["name:Ba Khía"]);
    for place in
        ["ở Hà Nội", "đường Trần Hưng Đạo bị lún", "từ Thái Nguyên về", "trường Lê Quý Đôn", "xe ba bánh", "Mai tôi đi", "Cao lắm", "ổ gà trước cổng trường"]
    {
        assert_eq!(seen(place), [] as [&str; 0], "{place}");
    }
}

#[test]
fn phone_numbers_are_found_however_they_are_written() {
    for phone in [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "091-234-5678",
        "+84912345678",
        "+84 912 345 678",
        "84912345678",
        "(+84) 912 345 678",
        "+84 (0) 912 345 678",
        "0084912345678",
        "0912 34 56 78",
        "024 3825 1234",
        "02083851234",
        "01234567890",
        "O912345678",
        "không chín một hai ba bốn năm sáu bảy tám",
        "0912 ba bốn năm 678",
    ] {
        let text = format!("Gọi cho tôi theo {phone}, cảm ơn.");
        let found = suggest(&text, &Known::default());
        assert!(found.len() == 1 && found[0].kind == Kind::Phone, "{phone}: {found:?}");
        assert!(text[found[0].place.clone()].ends_with(&phone[phone.len() - 3..]), "{phone}: {:?}", &text[found[0].place.clone()]);
        assert!(!all_hidden(&text).chars().any(|c| c.is_ascii_digit()), "{phone} leaves digits");
    }
    assert_eq!(seen("sđt 12345678"), ["phone:12345678"], "said to be one");
    assert_eq!(seen("Gọi 0987 654 321 không ai nghe"), ["phone:0987 654 321"]);
    assert_eq!(seen("gọi 0987654321 không một ai nghe"), ["phone:0987654321"]);
    assert!(suggest("gọi +84 912.345.678", &person())[0].is_known);
}

#[test]
fn money_dates_and_numbers_of_documents_are_no_phones() {
    for text in [
        "hết 1.200.000.000 đồng",
        "812.345.678 đồng",
        "ngày 12/03/2026",
        "Quyết định số 1234/QĐ-UBND",
        "năm 2025-2026",
        "dài 1.500 m",
        "gọi 1022 hoặc 19001234",
        "một hai ba người",
    ] {
        assert_eq!(seen(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn ids_accounts_plates_mails_and_days_of_birth() {
    assert_eq!(seen("CCCD 019085001234 cấp năm"), ["id_number:019085001234"]);
    assert_eq!(seen("số 019 085 001 234"), ["id_number:019 085 001 234"]);
    assert_eq!(seen("CMND: 090123456"), ["id_number:090123456"]);
    assert_eq!(seen("chứng minh 090 123 456"), ["id_number:090 123 456"]);
    assert_eq!(seen("chuyển vào STK 1903 6688 123 ngân hàng"), ["account:1903 6688 123"]);
    assert_eq!(seen("tài khoản 0123456789"), ["account:0123456789"], "said to be one");
    for plate in [
        "20A-123.45",
        "20A-12345",
        "20a12345",
        "29-B1 123.45",
        "29B1-12345",
        "30E 123.45",
        "20AB-123.45",
        "20A 1234.",
        "29B1 123 45",
        "20A123.45",
        "29Đ1-123.45",
    ] {
        let text = format!("xe biển {plate} chạy ẩu");
        let expected = plate != "20A 1234.";
        assert_eq!(suggest(&text, &Known::default()).iter().any(|s| s.kind == Kind::Plate), expected, "{plate}: {:?}", seen(&text));
    }
    assert_eq!(seen("thư tới Tu.Hoang@Vi-Du.vn."), ["email:Tu.Hoang@Vi-Du.vn"]);
    assert!(suggest("thư tới Tu.Hoang@Vi-Du.vn.", &person())[0].is_known);
    assert_eq!(seen("binhnv a còng gmail chấm com nhé"), ["email:binhnv a còng gmail chấm com"]);
    assert_eq!(seen("sinh ngày 12/3/1970"), ["birth_date:12/3/1970"]);
    assert_eq!(seen("sinh năm 1970, ngụ tại"), ["birth_date:1970"]);
    assert_eq!(seen("sinh ngày 12 tháng 3 năm 1970"), ["birth_date:12 tháng 3 năm 1970"]);
    assert_eq!(seen("các cháu học sinh năm 2026"), [] as [&str; 0]);
}

#[test]
fn addresses_are_found_with_their_parts() {
    assert_eq!(seen("ở số nhà 12, ngõ 5, đường Trần Phú, phường Tân Lập"), ["address:số nhà 12, ngõ 5, đường Trần Phú, phường Tân Lập"]);
    assert_eq!(seen("trong ngõ 12/5/7 bị ngập"), ["address:ngõ 12/5/7"]);
    assert_eq!(seen("dân xóm Mới 2 kêu"), ["address:xóm Mới 2"]);
    assert_eq!(seen("tổ dân phố số 5 và tổ 7"), ["address:tổ dân phố số 5", "address:tổ 7"]);
    assert_eq!(seen("hẻm 45B, khu phố 3"), ["address:hẻm 45B, khu phố 3"]);
    assert_eq!(seen("số 7, ngõ Cây Si"), ["address:số 7, ngõ Cây Si"]);
    for text in ["tổ công tác đến", "bản án số 5", "đường Trần Phú bị lún", "nhà văn hóa", "xã Tân Cương", "văn bản", "số 15"]
    {
        assert_eq!(seen(text), [] as [&str; 0], "{text}");
    }
    assert!(suggest("Nhà ở ngo cay si ngập", &person()).iter().any(|s| s.is_known), "a part the portal knows, without marks");
}

#[test]
fn hidden_words_leave_a_mark_of_their_kind_and_other_words_stay() {
    let hidden = [Hidden { kind: Kind::Phone, words: "0912 345 678".into() }, Hidden { kind: Kind::Name, words: "An".into() }];
    assert_eq!(hide("Gọi An (0912 345 678). Anh An đi vắng, ANAN thì không.", &hidden), {
        let (name, phone) = (Kind::Name.mark(), Kind::Phone.mark());
        format!("Gọi {name} ({phone}). Anh {name} đi vắng, ANAN thì không.")
    });
    assert_eq!(Kind::Phone.mark(), "[đã ẩn: số điện thoại]");
}

#[test]
fn the_longest_words_are_hidden_whole() {
    let hidden = [Hidden { kind: Kind::Name, words: "Bình".into() }, Hidden { kind: Kind::Name, words: "Nguyễn Văn Bình".into() }];
    assert_eq!(hide("Nguyễn Văn Bình, Bình", &hidden), format!("{0}, {0}", Kind::Name.mark()));
}

#[test]
fn a_mark_is_never_hidden_again_nor_suggested() {
    let hidden = [Hidden { kind: Kind::Other, words: "số điện thoại".into() }];
    let text = format!("{} là số điện thoại", Kind::Phone.mark());
    let once = hide(&text, &hidden);
    assert_eq!(once, format!("{} là {}", Kind::Phone.mark(), Kind::Other.mark()));
    assert_eq!(hide(&once, &hidden), once);
    assert_eq!(without_marks(&once), " là ");
}

/// Whoever writes marks by hand, or words that look like a part of one, gets nothing back.
#[test]
fn marks_cannot_be_forged_into_revealing() {
    let hidden = [Hidden { kind: Kind::Name, words: "Bình".into() }];
    for text in ["[đã ẩn: Bình]", "[đã ẩn: tên người]Bình", "[đã ẩn: [đã ẩn: tên người]Bình]", "[đã ẩn: tên Bình người]", "[ [đã ẩn Bình"]
    {
        assert!(!without_marks(&hide(text, &hidden)).contains("Bình"), "{text} became {}", hide(text, &hidden));
    }
}

#[test]
fn a_mark_in_markdown_is_no_link() {
    let hidden = [Hidden { kind: Kind::Name, words: "Bình".into() }];
    for text in ["Bình: https://a.vn", "Bình(https://a.vn)", "Bình[x]", "**Bình**", "- Bình"] {
        let html = crate::petitions::markdown::to_html(&hide_in_markdown(text, &hidden));
        assert!(html.contains(&Kind::Name.mark()) && !html.contains("Bình"), "{text} became {html}");
    }
}

#[test]
fn words_around_are_cut_between_words() {
    let text = format!("{} 0912345678 {}", "trước đó ".repeat(20), "sau đó ".repeat(20));
    let place = suggest(&text, &Known::default())[0].place.clone();
    let (before, after) = around(&text, &place);
    assert!(before.starts_with("trước") || before.starts_with("đó"), "{before}");
    assert!(after.trim_start().starts_with("sau đó") && after.chars().count() <= 40, "{after}");
    assert_eq!(around("gọi 1 nhé", &(6..7)), ("gọi ", " nhé"));
}

/// A text eight times as long takes about eight times as long. The limit is far above that, and far below eight times eight.
#[test]
fn long_texts_take_as_much_longer_as_they_are_longer() {
    for nasty in
        ["Nguyễn Văn Bình 0912 345 678 ngõ 5, ", "0 1 2 3 4 5 6 7 8 9 ", "[đã ẩn: ", "a@a.", "@@@@", "ngõ 1/1/1, ", "Lê Lê Lê ", "(((+84", "a cong cham cham "]
    {
        let time = |times: usize| {
            let text = nasty.repeat(times);
            (0..3)
                .map(|_| {
                    let began = Instant::now();
                    let hidden: Vec<Hidden> = found(&text, &person()).into_iter().map(|found| found.hidden).collect();
                    assert!(hide(&text, &hidden).len() < text.len() * 10);
                    began.elapsed()
                })
                .min()
                .unwrap_or_default()
        };
        let (short, long) = (time(500), time(4_000));
        assert!(long.as_micros() < short.as_micros() * 8 * 5 + 20_000, "{nasty:?}: {short:?} and then {long:?}");
    }
}

/// Text with much in it that may be personal.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("Nguyễn Văn Bình".to_owned()),
        Just("Hoàng Văn Tú".to_owned()),
        Just("hoang van tu".to_owned()),
        Just("ông Tú".to_owned()),
        Just("Tú".to_owned()),
        Just("0912 345 678".to_owned()),
        Just("+84.912.345.678".to_owned()),
        Just("019085001234".to_owned()),
        Just("20A-123.45".to_owned()),
        Just("a@b.vn".to_owned()),
        Just("số nhà 7, ngõ Cây Si".to_owned()),
        Just("sinh năm 1970".to_owned()),
        Just("[đã ẩn: tên người]".to_owned()),
        Just("[đã ẩn: ".to_owned()),
        Just("]".to_owned()),
        Just("Nguye\u{302}\u{303}n Va\u{306}n A".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("không chín một".to_owned()),
        Just("(".to_owned()),
        Just("+".to_owned()),
        "[ ,.\\-\n]{1,3}",
        ".{0,6}",
        "[0-9]{1,5}",
        "[A-ZĐÀa-zđà]{1,5}",
    ];
    proptest::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn places_lie_between_characters_and_do_not_overlap(text in texts()) {
        let mut end = 0;
        for suggestion in suggest(&text, &person()) {
            prop_assert!(text.is_char_boundary(suggestion.place.start) && text.is_char_boundary(suggestion.place.end));
            prop_assert!(suggestion.place.start >= end && !suggestion.place.is_empty(), "{:?}", suggestion);
            end = suggestion.place.end;
        }
    }

    #[test]
    fn hiding_all_leaves_none_of_what_was_found(text in texts()) {
        let text: String = text.nfc().collect();
        let found = found(&text, &person());
        let hidden: Vec<Hidden> = found.iter().map(|found| found.hidden.clone()).collect();
        let after = hide(&text, &hidden);
        for found in &found {
            prop_assert!(!contains(&after, &found.hidden.words), "{:?} is left in {:?}", found.hidden.words, after);
        }
        prop_assert_eq!(hide(&after, &hidden), after.clone(), "hiding twice changes nothing");
    }

    #[test]
    fn what_is_hidden_is_told_by_its_kind_alone(words in "[a-zàáâãèéêìíòóôõùúýăđĩũơư]{3,12}", other in "[a-zàáâãèéêìíòóôõùúýăđĩũơư]{3,12}") {
        let hide_it = |words: &str| hide(&format!("{words}, x"), &[Hidden { kind: Kind::Name, words: words.to_owned() }]);
        prop_assert_eq!(hide_it(&words), hide_it(&other));
    }

    #[test]
    fn any_text_is_walked(text in ".{0,300}", words in ".{0,10}") {
        let hidden = [Hidden { kind: Kind::Other, words }];
        let once = hide(&text, &hidden);
        prop_assert_eq!(hide(&once, &hidden), once);
        suggest(&text, &person());
    }
}
