//! Criteria and steps under headings of other languages, however they are marked and numbered.

use atlas_core::text::html;
use atlas_core::text::steps::{TicketStepsKind, criteria, ticket_steps};
use atlas_core::text::{markdown, wiki};

/// Acceptance criteria, steps to reproduce and expected result.
const LANGUAGES: [[&str; 3]; 22] = [
    [
        "Acceptance criteria",
        "Steps to reproduce",
        "Expected result",
    ],
    [
        "Akzeptanzkriterien",
        "Schritte zur Reproduktion",
        "Erwartetes Ergebnis",
    ],
    [
        "Critères d'acceptation",
        "Étapes de reproduction",
        "Résultat attendu",
    ],
    [
        "Criterios de aceptación",
        "Pasos para reproducir",
        "Resultado esperado",
    ],
    [
        "Critérios de aceitação",
        "Passos para reproduzir",
        "Resultado esperado",
    ],
    [
        "Criteri di accettazione",
        "Passi per riprodurre",
        "Risultato atteso",
    ],
    [
        "Acceptatiecriteria",
        "Stappen om te reproduceren",
        "Verwacht resultaat",
    ],
    [
        "Kryteria akceptacji",
        "Kroki do reprodukcji",
        "Oczekiwany rezultat",
    ],
    [
        "Критерии приёмки",
        "Шаги воспроизведения",
        "Ожидаемый результат",
    ],
    ["受け入れ条件", "再現手順", "期待結果"],
    ["验收标准", "重现步骤", "预期结果"],
    ["인수 조건", "재현 절차", "기대 결과"],
    [
        "Akceptační kritéria",
        "Kroky k reprodukci",
        "Očekávaný výsledek",
    ],
    [
        "Acceptanskriterier",
        "Steg för att återskapa",
        "Förväntat resultat",
    ],
    [
        "Kabul kriterleri",
        "Yeniden oluşturma adımları",
        "Beklenen sonuç",
    ],
    [
        "Критерії приймання",
        "Кроки відтворення",
        "Очікуваний результат",
    ],
    ["驗收標準", "重現步驟", "預期結果"],
    [
        "Κριτήρια αποδοχής",
        "Βήματα αναπαραγωγής",
        "Αναμενόμενο αποτέλεσμα",
    ],
    ["معايير القبول", "خطوات إعادة الإنتاج", "النتيجة المتوقعة"],
    ["קריטריונים לקבלה", "שלבים לשחזור", "תוצאה צפויה"],
    [
        "Tiêu chí chấp nhận",
        "Các bước tái hiện",
        "Kết quả mong đợi",
    ],
    [
        "Critères d’acceptance",
        "Étapes pour reproduire",
        "Comportement attendu",
    ],
];

/// Ways in which a heading is written, in wiki markup.
fn marked(heading: &str) -> Vec<String> {
    let upper = heading.to_uppercase();
    vec![
        format!("*{heading}*"),
        format!("*{heading}:*"),
        format!("*{heading}*:"),
        format!("_{heading}_"),
        format!("h3. {heading}"),
        format!("h2. 2. {heading}:"),
        format!("*1. {heading}*"),
        format!("{heading}:"),
        format!("{heading} :"),
        format!("{heading}："),
        heading.to_owned(),
        format!("{upper}:"),
        format!("【{heading}】"),
        format!("■ {heading}"),
        format!("+{heading}+"),
        format!("{{color:red}}*{heading}*{{color}}"),
        format!("{heading} (3):"),
    ]
}

fn items(description: &str) -> Vec<String> {
    criteria("Totals", &wiki::to_text(description)).map_or_else(Vec::new, |found| found.items)
}

#[test]
fn criteria_are_found_in_every_language_and_shape() {
    for [heading, reproduction, _] in LANGUAGES {
        for line in marked(heading) {
            let text = format!(
                "Text.\n\n{line}\n\n* The list is shown\n* A row can be added\n\n*{reproduction}:*\n# Open\n# Press"
            );
            let expected = ["The list is shown", "A row can be added"];
            assert_eq!(items(&text), expected, "{line}");
        }
        let text = format!("# {heading}\n\n1. One\n2. Two");
        let found = criteria("", &markdown::to_text(&text)).unwrap();
        assert_eq!(found.items, ["One", "Two"], "{heading}");
        let text = format!("<p><strong>{heading}</strong></p><ul><li>One</li><li>Two</li></ul>");
        let found = criteria("", &html::to_text(&text)).unwrap();
        assert_eq!(found.items, ["One", "Two"], "{heading}");
    }
}

#[test]
fn steps_and_what_is_expected_are_found_in_every_language() {
    for [_, heading, expected] in LANGUAGES {
        for (line, result) in marked(heading).iter().zip(marked(expected)) {
            let text = format!("Text.\n\n{line}\n# Open\n# Press\n\n{result}\nIt is saved");
            let found = ticket_steps(&wiki::to_text(&text)).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(found.kind, TicketStepsKind::Reproduction, "{line}");
            let actions: Vec<&str> = found.steps.iter().map(|s| s.action.as_str()).collect();
            assert_eq!(actions, ["Open", "Press"], "{line} {result}");
            assert_eq!(
                found.steps[1].expected.as_deref(),
                Some("It is saved"),
                "{result}"
            );
        }
    }
}

#[test]
fn each_criterion_counts_once_however_it_is_numbered() {
    let expected = ["One is shown", "Two is kept", "Three is sent"];
    for list in [
        "# One is shown\n# Two is kept\n# Three is sent",
        "1) One is shown\n2) Two is kept\n3) Three is sent",
        "(1) One is shown\n(2) Two is kept\n(3) Three is sent",
        "1、One is shown\n2、Two is kept\n3、Three is sent",
        "１．One is shown\n２．Two is kept\n３．Three is sent",
        "（１）One is shown\n（２）Two is kept\n（３）Three is sent",
        "①One is shown\n②Two is kept\n③ Three is sent",
        "a) One is shown\nb) Two is kept\nc) Three is sent",
        "1. One is shown\n5 .Two is kept\n6  Three is sent",
        "1.One is shown\n2.Two is kept\n3.Three is sent",
        "• One is shown\n• Two is kept\n• Three is sent",
        "・One is shown\n・Two is kept\n・Three is sent",
        "– One is shown\n– Two is kept\n– Three is sent",
        "AC1: One is shown\nAC2: Two is kept\nAC3: Three is sent",
        "CA-01: One is shown\nCA-02: Two is kept\nCA-03: Three is sent",
        "AK 1: One is shown\nAK 2: Two is kept\nAK 3: Three is sent",
        "One is shown\nTwo is kept\nThree is sent",
    ] {
        let text = format!("*Criterios de aceptación*\n\n{list}\n\n*Fuera de alcance*\n* Not this");
        assert_eq!(items(&text), expected, "{list}");
    }
}

#[test]
fn a_section_ends_where_another_begins() {
    for end in [
        "*Out of scope*",
        "*Außerhalb des Umfangs*",
        "Hors périmètre :",
        "h3. Notas de prueba",
        "*Test notes*",
        "*対象外*",
        "范围外：",
        "*Вне рамок*",
        "h2. Anything",
        "*Schritte:*",
    ] {
        let text = format!("*Acceptance criteria*\n* Shown\n* Kept\n\n{end}\n* Not this");
        assert_eq!(items(&text), ["Shown", "Kept"], "{end}");
    }
}

#[test]
fn points_of_a_list_may_be_headings() {
    let text = "Texte.\n\n* Étapes\n** Ouvrir la liste\n** Ajouter une ligne\n* Résultat attendu : les totaux sont justes";
    let found = ticket_steps(&wiki::to_text(text)).unwrap();
    let actions: Vec<&str> = found.steps.iter().map(|s| s.action.as_str()).collect();
    assert_eq!(actions, ["Ouvrir la liste", "Ajouter une ligne"]);
    assert_eq!(
        found.steps[1].expected.as_deref(),
        Some("les totaux sont justes")
    );
}

#[test]
fn numbers_that_skip_are_items_all_the_same() {
    let text = "*Test steps:*\n1. Go to site\n2. Copy it\n5. Paste it\n5 .Confirm\n6  Click on 3.5 mm\n7.Log out\n\n*Expected result:*\nIt opens.";
    let found = ticket_steps(&wiki::to_text(text)).unwrap();
    let actions: Vec<&str> = found.steps.iter().map(|s| s.action.as_str()).collect();
    let expected = [
        "Go to site",
        "Copy it",
        "Paste it",
        "Confirm",
        "Click on 3.5 mm",
        "Log out",
    ];
    assert_eq!(actions, expected);
}

#[test]
fn sentences_of_duty_stand_in_in_other_languages() {
    for (text, duty) in [
        (
            "Es ist langsam. Die Datei muss sich öffnen.",
            "Die Datei muss sich öffnen.",
        ),
        (
            "C'est lent. Le fichier doit s'ouvrir.",
            "Le fichier doit s'ouvrir.",
        ),
        (
            "Es lento. El archivo debe abrirse.",
            "El archivo debe abrirse.",
        ),
        (
            "Медленно. Файл должен открываться.",
            "Файл должен открываться.",
        ),
        (
            "遅い。ファイルは開けなければならない。",
            "ファイルは開けなければならない。",
        ),
        ("很慢。文件必须能打开。", "文件必须能打开。"),
    ] {
        let found = criteria("", text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.items, [duty]);
    }
}

#[test]
fn wiki_boxes_and_entities_are_undone_and_code_is_not() {
    for (markup, expected) in [
        (
            "{expand:title=More}hidden *text*{expand}",
            "More\n\nhidden text",
        ),
        ("{info:title=Note}careful{info}", "Note\n\ncareful"),
        ("{note}a{note} {tip}b{tip}", "a\n\nb"),
        ("{toc}\nText", "Text"),
        ("{toc:maxLevel=2} Text", "Text"),
        ("{status:colour=Green|title=DONE}", "DONE"),
        ("see {jira:NIM-5}", "see NIM-5"),
        (
            "&copy; &#8364; &#x20AC; &uuml; &rarr; &lt;tag&gt; &amp;",
            "© € € ü → <tag> &",
        ),
        ("GET /users/{info}/{note}", "GET /users/{info}/{note}"),
        ("a{toc}b {user} {expand}", "a{toc}b {user} {expand}"),
        ("a&b;c & d; &nothing;", "a&b;c & d; &nothing;"),
    ] {
        assert_eq!(wiki::to_text(markup), expected, "{markup}");
    }
    let code = "{code}\n{info}x{info} &copy;\n{code}";
    assert!(wiki::to_text(code).contains("{info}x{info} &copy;"));
}
