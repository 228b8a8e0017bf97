//! Texts in scripts that the encoder does not know: found by their words, and never strong.

use atlas_core::Atlas;
use atlas_core::domain::{
    Band, Draft, MemoryEntry, MemoryFilter, ReasonKind, TestPattern, Ticket, TicketKey, silent,
};
use atlas_core::{SimilarOptions, learning::near_duplicates::NearDuplicates};

/// A script, three summaries of which the first two speak of the same, and a name of a pattern that
/// fits them, beside one that does not.
const SCRIPTS: [(&str, [&str; 3], [&str; 2]); 14] = [
    (
        "Cyrillic",
        [
            "Ссылка для сброса пароля не работает",
            "Не приходит письмо со ссылкой для сброса пароля",
            "Отчёт за месяц считается слишком долго",
        ],
        ["Проверка сброса пароля", "Проверка месячного отчёта"],
    ),
    (
        "Ukrainian",
        [
            "Кнопка збереження рахунку не реагує",
            "Після збереження рахунку зникає сума",
            "Календар показує чужі події",
        ],
        ["Перевірка збереження рахунку", "Перевірка календаря"],
    ),
    (
        "Greek",
        [
            "Ο σύνδεσμος επαναφοράς κωδικού δεν ανοίγει",
            "Λήγει ο ΣΎΝΔΕΣΜΟΣ επαναφοράς κωδικού αμέσως",
            "Το τιμολόγιο τυπώνεται κενό",
        ],
        [
            "Έλεγχος επαναφορά κωδικού σύνδεσμος",
            "Έλεγχος εκτύπωσης τιμολόγιο",
        ],
    ),
    (
        "Arabic",
        [
            "رابط إعادة تعيين كلمة المرور لا يعمل",
            "انتهاء صلاحية رابط تعيين كلمة المرور",
            "الفاتورة تطبع فارغة",
        ],
        ["التحقق من تعيين كلمة المرور", "التحقق من طباعة الفاتورة"],
    ),
    (
        "Hebrew",
        [
            "קישור לאיפוס סיסמה לא נפתח",
            "תוקף קישור איפוס סיסמה פג מיד",
            "חשבונית מודפסת ריקה",
        ],
        ["בדיקת איפוס סיסמה", "בדיקת הדפסת חשבונית"],
    ),
    (
        "Devanagari",
        [
            "पासवर्ड रीसेट लिंक काम नहीं करता",
            "पासवर्ड रीसेट लिंक तुरंत समाप्त हो जाता है",
            "चालान खाली छपता है",
        ],
        ["पासवर्ड रीसेट की जाँच", "चालान छपाई की जाँच"],
    ),
    (
        "Thai",
        [
            "ลิงก์รีเซ็ตรหัสผ่านไม่ทำงาน",
            "รหัสผ่านใหม่ไม่ถูกบันทึกหลังรีเซ็ตรหัสผ่าน",
            "ใบแจ้งหนี้พิมพ์ออกมาว่างเปล่า",
        ],
        ["ตรวจสอบการรีเซ็ตรหัสผ่าน", "ตรวจสอบการพิมพ์ใบแจ้งหนี้"],
    ),
    (
        "Chinese",
        [
            "重置密码的链接无法打开",
            "点击重置密码后链接立即过期",
            "打印出来的发票是空白的",
        ],
        ["验证重置密码", "验证发票打印"],
    ),
    (
        "Traditional Chinese",
        [
            "匯出報表時檔案損毀",
            "每月報表匯出後無法開啟檔案",
            "行事曆不顯示國定假日",
        ],
        ["驗證報表匯出", "驗證行事曆假日"],
    ),
    (
        "Japanese",
        [
            "アップロードしたファイル名が文字化けする",
            "ファイル名の文字化けがアップロード後に直らない",
            "請求書の合計金額が違う",
        ],
        ["ファイルアップロードの確認", "請求書の合計の確認"],
    ),
    (
        "Korean",
        [
            "비밀번호 찾기 링크가 동작하지 않음",
            "비밀번호를 찾기 위한 링크를 눌러도 반응 없음",
            "청구서 합계가 잘못 계산됨",
        ],
        ["비밀번호 찾기 확인", "청구서 합계 확인"],
    ),
    (
        "Georgian",
        [
            "პაროლის აღდგენის ბმული არ იხსნება",
            "პაროლის აღდგენის ბმული მაშინვე იწურება",
            "ანგარიში ცარიელი იბეჭდება",
        ],
        ["პაროლის აღდგენის შემოწმება", "ანგარიში: ბეჭდვის შემოწმება"],
    ),
    (
        "Armenian",
        [
            "Գաղտնաբառի վերականգնման հղումը չի բացվում",
            "Գաղտնաբառի վերականգնման հղումը անմիջապես սպառվում է",
            "Հաշիվը տպվում է դատարկ",
        ],
        ["Գաղտնաբառի վերականգնման ստուգում", "Հաշիվը տպելու ստուգում"],
    ),
    (
        "Khmer",
        [
            "តំណកំណត់ពាក្យសម្ងាត់មិនដំណើរការ",
            "ពាក្យសម្ងាត់ថ្មីមិនត្រូវបានរក្សាទុក",
            "វិក្កយបត្របោះពុម្ពទទេ",
        ],
        ["ពិនិត្យពាក្យសម្ងាត់", "ពិនិត្យវិក្កយបត្រ"],
    ),
];

fn key(place: usize, number: usize) -> String {
    format!("S{}-{number}", char::from(b'A' + place as u8))
}

/// Tickets and patterns of all scripts, and English ones among them.
fn filled() -> Atlas {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .cache(false)
        .open_in_memory()
        .unwrap();
    let mut tickets = Vec::new();
    let mut patterns = Vec::new();
    for (place, (_, summaries, names)) in SCRIPTS.iter().enumerate() {
        for (number, summary) in summaries.iter().enumerate() {
            let key = TicketKey::parse(&key(place, number + 1)).unwrap();
            tickets.push(Ticket::new(key, *summary));
        }
        patterns.extend(
            names
                .iter()
                .map(|name| TestPattern::new(*name, "Functional")),
        );
    }
    for (number, summary) in [
        "Login fails with an expired password",
        "Signing in is refused after the password has expired",
        "Die Rechnung wird leer gedruckt",
        "Gedruckte Rechnungen sind leer",
    ]
    .into_iter()
    .enumerate()
    {
        let key = TicketKey::parse(&format!("EN-{}", number + 1)).unwrap();
        tickets.push(Ticket::new(key, summary));
    }
    patterns.push(TestPattern::new(
        "Sign in with an expired password",
        "Functional",
    ));
    atlas.tickets().add(&tickets).unwrap();
    atlas.patterns().add_all(&patterns).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    atlas
}

#[test]
fn every_script_is_found_by_its_words_and_never_called_strong() {
    let atlas = filled();
    for (place, (script, summaries, names)) in SCRIPTS.iter().enumerate() {
        let asked = key(place, 1);
        let similar = atlas.similar(&asked, &SimilarOptions::default()).unwrap();
        let first = similar
            .first()
            .unwrap_or_else(|| panic!("{script}: nothing found"));
        assert_eq!(
            first.ticket_key.as_str(),
            key(place, 2),
            "{script}: {similar:#?}"
        );
        for found in &similar {
            assert_eq!(found.band, Band::Weak, "{script}: {found:?}");
            assert_eq!(found.cosine, 0.0, "{script}: {found:?}");
            assert!(!found.shared_words.is_empty(), "{script}: {found:?}");
            assert!(
                found
                    .degraded
                    .as_deref()
                    .is_some_and(|why| why.contains("words alone"))
            );
        }
        let other = similar
            .iter()
            .find(|s| s.ticket_key.as_str() == key(place, 3));
        assert!(
            other.is_none_or(|other| other.similarity < first.similarity),
            "{script}"
        );
        for found in atlas.duplicates(&asked, 10).unwrap() {
            assert!(
                found.likelihood < 0.2 && found.degraded.is_some(),
                "{script}: {found:?}"
            );
        }
        let prediction = atlas.predict(&asked, 5).unwrap();
        assert_eq!(prediction.scenarios[0].name, names[0], "{script}");
        for scenario in &prediction.scenarios {
            let meaning = scenario
                .reasons
                .iter()
                .find(|r| r.kind == ReasonKind::Meaning);
            assert_eq!(meaning, None, "{script}");
            assert!(
                scenario.confidence < 50.0,
                "{script}: {}",
                scenario.confidence
            );
        }
        let why = &prediction.degraded;
        assert!(
            why.iter().any(|d| d.predictor == "encoder"),
            "{script}: {why:?}"
        );
        // A draft gets the same answer as a stored ticket.
        let draft = atlas.predict(&Draft::new(summaries[0]), 5).unwrap();
        assert_eq!(draft.scenarios[0].name, names[0], "{script}");
        assert!(
            draft.degraded.iter().any(|d| d.predictor == "encoder"),
            "{script}"
        );
    }
}

#[test]
fn texts_in_latin_letters_keep_their_vectors() {
    let atlas = filled();
    for (asked, expected) in [("EN-1", "EN-2"), ("EN-3", "EN-4")] {
        let similar = atlas.similar(asked, &SimilarOptions::default()).unwrap();
        assert_eq!(similar[0].ticket_key.as_str(), expected);
        assert!(similar[0].cosine > 0.3 && similar[0].degraded.is_none());
    }
    let prediction = atlas.predict("EN-1", 3).unwrap();
    let encoder = |found: &atlas_core::domain::Prediction| {
        found.degraded.iter().any(|d| d.predictor == "encoder")
    };
    assert!(!encoder(&prediction), "{:?}", prediction.degraded);
    assert_eq!(
        prediction.scenarios[0].name,
        "Sign in with an expired password"
    );
    // Names, codes and versions are letters that the encoder reads.
    let code = "ERR_CONNECTION_RESET in HttpClient.java:42 after v2.10.1 (ORA-00942)";
    assert!(!encoder(&atlas.predict(&Draft::new(code), 1).unwrap()));
}

#[test]
fn a_text_without_a_vector_waits_for_none() {
    let atlas = filled();
    assert_eq!(atlas.database().encode(&mut silent).unwrap(), 0);
    assert_eq!(atlas.database().encode(&mut silent).unwrap(), 0);
}

#[test]
fn nothing_in_common_is_not_found() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let ticket = |key: &str, summary: &str| Ticket::new(TicketKey::parse(key).unwrap(), summary);
    atlas
        .tickets()
        .add(&[
            ticket("NO-1", "印刷プレビューが開かない"),
            ticket("NO-2", "通知が二重に届く"),
            ticket("NO-3", "Login fails"),
            ticket("NO-4", "🔥🔥🔥"),
            ticket("NO-5", "!!!"),
        ])
        .unwrap();
    atlas.database().encode(&mut silent).unwrap();
    for key in ["NO-1", "NO-4", "NO-5"] {
        assert_eq!(
            atlas.similar(key, &SimilarOptions::default()).unwrap(),
            [],
            "{key}"
        );
        assert_eq!(atlas.duplicates(key, 5).unwrap(), [], "{key}");
    }
}

/// One code is all that a text of another script shares with English tickets.
#[test]
fn of_many_tickets_that_share_one_code_the_one_about_it_comes_first() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let ticket = |key: &str, summary: &str, description: &str| {
        let mut ticket = Ticket::new(TicketKey::parse(key).unwrap(), summary);
        ticket.description = Some(description.to_owned());
        ticket
    };
    let long = "The accountant opens the list of clients, chooses the month and exports the \
                invoices. The log says ERR4711 among much else.";
    atlas
        .tickets()
        .add(&[
            ticket("CD-1", "Export of invoices stops", long),
            ticket("CD-2", "Import of clients stops", long),
            ticket("CD-3", "ERR4711 on start", "It does not open."),
        ])
        .unwrap();
    atlas.database().encode(&mut silent).unwrap();
    for text in [
        "起動時に ERR4711 が表示されて画面が開かない",
        "启动时出现 ERR4711 无法打开页面",
        "시작할 때 ERR4711 오류가 나고 화면이 열리지 않음",
        "เกิด ERR4711 ตอนเริ่มโปรแกรมและเปิดหน้าจอไม่ได้",
        "शुरू करते समय ERR4711 आता है और स्क्रीन नहीं खुलती",
        "يظهر ERR4711 عند بدء التشغيل ولا تفتح الشاشة",
        "ERR4711 מופיע בהפעלה והמסך לא נפתח",
        "Εμφανίζεται ERR4711 στην εκκίνηση και δεν ανοίγει η οθόνη",
        "При запуске появляется ERR4711 и экран не открывается",
    ] {
        let similar = atlas
            .similar(&Draft::new(text), &SimilarOptions::default())
            .unwrap();
        let first = similar.first().unwrap_or_else(|| panic!("{text}: nothing"));
        assert_eq!(first.ticket_key.as_str(), "CD-3", "{text}: {similar:#?}");
        assert_eq!(first.band, Band::Weak, "{text}");
    }
}

/// The encoder reads the letters of Vietnamese, Turkish and Uzbek, and few of their words.
#[test]
fn tickets_in_latin_letters_of_far_languages_are_not_called_strong_for_nothing() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let languages = [
        [
            "Tổng tiền trên hóa đơn bị sai",
            "Lịch không hiển thị ngày lễ",
            "Không thể tải lên ảnh đại diện",
        ],
        [
            "Faturadaki toplam tutar yanlış",
            "Takvimde tatil günleri görünmüyor",
            "Profil resmi yüklenemiyor",
        ],
        [
            "Hisob-fakturaning umumiy summasi noto‘g‘ri",
            "Taqvimda bayramlar ko‘rinmaydi",
            "Profil rasmini yuklab bo‘lmaydi",
        ],
    ];
    let summaries = languages.iter().flatten().zip(1..);
    let tickets: Vec<Ticket> = summaries
        .map(|(summary, n)| Ticket::new(TicketKey::parse(&format!("LA-{n}")).unwrap(), *summary))
        .collect();
    atlas.tickets().add(&tickets).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    for ticket in &tickets {
        let similar = atlas
            .similar(ticket.key.as_str(), &SimilarOptions::default())
            .unwrap();
        assert!(!similar.is_empty());
        for found in similar {
            assert_ne!(found.band, Band::Strong, "{}: {found:?}", ticket.summary);
        }
    }
}

#[test]
fn case_width_and_accents_do_not_hide_a_word() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let ticket = |key: &str, summary: &str| Ticket::new(TicketKey::parse(key).unwrap(), summary);
    atlas
        .tickets()
        .add(&[
            ticket("FO-1", "ログイン画面でエラー"),
            ticket("FO-2", "Елка не отображается"),
            ticket("FO-3", "Η ΟΔΟΣ δεν βρέθηκε"),
            ticket("FO-4", "サーバーに接続できない"),
            ticket("FO-5", "로그인 실패"),
        ])
        .unwrap();
    atlas.database().encode(&mut silent).unwrap();
    for (text, expected) in [
        ("ﾛｸﾞｲﾝできない", "FO-1"),
        ("画面", "FO-1"),
        ("ёлка", "FO-2"),
        ("οδός", "FO-3"),
        ("サーバ障害", "FO-4"),
        ("로그인이 안 됩니다", "FO-5"),
    ] {
        let similar = atlas
            .similar(&Draft::new(text), &SimilarOptions::default())
            .unwrap();
        let first = similar.first().map(|s| s.ticket_key.as_str().to_owned());
        assert_eq!(first.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn memory_and_near_duplicates_go_by_words_too() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    for (name, text) in [("a", "請求書は毎月一日に送る"), ("b", "会議室は三階にある")]
    {
        atlas
            .memory()
            .put(&MemoryEntry::text("context", name, text))
            .unwrap();
    }
    let hits = atlas
        .memory()
        .search("請求書の送付", &MemoryFilter::default(), 2)
        .unwrap();
    assert_eq!(hits[0].entry.key, "a");
    assert!(hits[0].similarity > hits[1].similarity && hits[0].similarity <= 0.6);
    assert_eq!(hits[1].similarity, 0.0);
    let names = [
        "検索結果の並び順の確認",
        "検索結果の並び順を確認",
        "通知メールの送信確認",
    ];
    let patterns: Vec<TestPattern> = names
        .iter()
        .map(|name| TestPattern::new(*name, "Functional"))
        .collect();
    atlas.patterns().add_all(&patterns).unwrap();
    let pairs = atlas
        .patterns()
        .duplicates(&NearDuplicates::default())
        .unwrap();
    assert_eq!(pairs.len(), 1, "{pairs:?}");
}

#[test]
fn criteria_in_another_script_are_covered_by_their_words() {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .open_in_memory()
        .unwrap();
    let mut ticket = Ticket::new(TicketKey::parse("CO-1").unwrap(), "出力");
    ticket.description = Some("【受け入れ条件】\n- 一覧が表示される\n- 行を追加できる".to_owned());
    atlas.tickets().add(&[ticket]).unwrap();
    let chosen = [atlas_core::domain::ChosenScenario::Name(
        "一覧が表示されること".to_owned(),
    )];
    let gaps = atlas.gaps("CO-1", &chosen).unwrap();
    let covered: Vec<bool> = gaps.criteria.iter().map(|one| one.covered).collect();
    assert_eq!(covered, [true, false], "{gaps:#?}");
    assert!(
        gaps.notes.iter().any(|note| note.contains("words alone")),
        "{:?}",
        gaps.notes
    );
}

/// What an earlier version stored is counted again when the database is next used.
#[test]
fn texts_that_were_stored_before_are_counted_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let open = || {
        Atlas::builder()
            .starter_catalogue(false)
            .open(&path)
            .unwrap()
    };
    let ticket = |key: &str, summary: &str| Ticket::new(TicketKey::parse(key).unwrap(), summary);
    let atlas = open();
    let tickets = [
        ticket("OL-1", "検索結果の並び順"),
        ticket("OL-2", "並び順が違う"),
    ];
    atlas.tickets().add(&tickets).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    let model = {
        let encoder = atlas_core::text::encoder::Encoder::bundled().unwrap();
        encoder.id().to_owned()
    };
    drop(atlas);
    // As it was: whole runs as words, and a vector for everything.
    let store = atlas_core::store::Store::open(&path).unwrap();
    store
        .write(|stored| {
            let pending = stored.documents().pending("another model", None, 100)?;
            assert_eq!(pending.len(), 4);
            for one in pending {
                let vector = vec![0.05; 384];
                let codes = atlas_core::search::vectors::Codes::quantise(&vector).to_bytes();
                let (owner, id, field, hash) = (one.owner, one.owner_id, one.field, one.text_hash);
                stored
                    .documents()
                    .put(owner, id, field, hash, &[], &model)?;
                stored.documents().put_vector(&model, hash, &codes)?;
            }
            stored.settings().set("text_version", None)
        })
        .unwrap();
    drop(store);
    let similar = open().similar("OL-1", &SimilarOptions::default()).unwrap();
    assert_eq!(similar.len(), 1);
    assert!(
        similar[0].cosine == 0.0 && !similar[0].shared_words.is_empty(),
        "{similar:?}"
    );
}
