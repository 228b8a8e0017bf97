//! Tickets of other people's files: localised headers, absent and empty, ids, odd JSON.

use std::ops::ControlFlow;

use atlas_core::domain::{
    DateOrder, FileReport, ImportReport, Ticket, TicketImport, TicketKey, silent,
};
use atlas_core::jira::{read_tickets, read_tickets_with};
use atlas_core::{Atlas, Error, Result};
use serde_json::json;

use super::file;

fn import(atlas: &Atlas, name: &str, content: impl AsRef<[u8]>) -> Result<ImportReport> {
    let (_folder, path) = file(name, content);
    atlas.tickets().import_file(path, &mut silent)
}

fn import_with(atlas: &Atlas, content: &str, columns: &[(&str, &str)]) -> Result<ImportReport> {
    let (_folder, path) = file("x.csv", content);
    let columns = columns
        .iter()
        .map(|(f, c)| ((*f).to_owned(), (*c).to_owned()));
    let options = TicketImport {
        columns: columns.collect(),
        ..TicketImport::default()
    };
    atlas
        .tickets()
        .import_file_with(path, &options, &mut silent)
}

fn key(text: &str) -> TicketKey {
    TicketKey::parse(text).unwrap()
}

fn ticket(atlas: &Atlas, text: &str) -> Ticket {
    atlas.tickets().get(text).unwrap()
}

/// The ticket of a file that holds one, as it is read.
fn only(name: &str, content: impl AsRef<[u8]>, key: &str) -> (Ticket, FileReport) {
    let (_folder, path) = file(name, content);
    let mut tickets = Vec::new();
    let summary = read_tickets(&path, &mut |record| {
        tickets.push(record.value.unwrap().ticket);
        ControlFlow::Continue(())
    });
    let ticket = tickets.pop().unwrap();
    assert_eq!((tickets.len(), ticket.key.as_str()), (0, key));
    (ticket, summary.unwrap().file)
}

fn at(text: &str) -> Option<jiff::Timestamp> {
    Some(text.parse().unwrap())
}

// ---------------------------------------------------------------- headers in other languages

#[test]
fn a_table_with_headers_of_any_language_is_read_whole() {
    for header in [
        "Summary,Issue key,Issue id,Issue Type,Status,Priority,Resolution,Assignee,Reporter,Labels,Created,Updated,Resolved,Components,Description,Parent key,Outward issue link (Blocks)",
        "Summary,Work item key,Work item id,Work type,Status,Priority,Resolution,Assignee,Reporter,Labels,Created,Updated,Resolved,Components,Description,Parent key,Outward work item link (Blocks)",
        "Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Priorität,Lösung,Zugewiesene Person,Autor,Stichwörter,Erstellt,Aktualisiert,Erledigt,Komponenten,Beschreibung,Übergeordnet,Ausgehende Vorgangsverknüpfung (Blocks)",
        "Résumé,Clé de ticket,ID de ticket,Type de ticket,État,Priorité,Résolution,Personne assignée,Rapporteur,Étiquettes,Création,Mise à jour,Résolue,Composants,Description,Parent,Lien du ticket sortant (Blocks)",
        "Résumé,Clé d’élément de travail,ID d’élément de travail,Type d’élément de travail,Statut,Priorité,Résolution,Responsable,Auteur,Étiquettes,Créé,Mis à jour,Résolu,Composants,Description,Clé parente,Lien de ticket sortant (Blocks)",
        "Resumen,Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Prioridad,Resolución,Persona asignada,Informador,Etiquetas,Creada,Actualizada,Resuelta,Componentes,Descripción,Principal,Vínculo de incidencia externa (Blocks)",
        "Resumen,Clave de la actividad,ID de actividad,Tipo de actividad,Estado,Prioridad,Resolución,Responsable,Informador,Etiquetas,Creado,Actualizado,Resuelto,Componentes,Descripción,Clave principal,Enlace de incidencia saliente (Blocks)",
        "Resumo,Chave da item,ID da item,Tipo de item,Status,Prioridade,Resolução,Responsável,Relator,Etiquetas,Criado,Atualizado(a),Resolvido,Componentes,Descrição,Pai,Link de item externo (Blocks)",
        "Riepilogo,Chiave ticket,ID del ticket,Tipo ticket,Stato,Priorità,Risoluzione,Assegnatario,Segnalante,Etichette,Creato,Aggiornato,Risolto,Componenti,Descrizione,Principale,Collegamento ticket in uscita (Blocks)",
        "Samenvatting,Issuesleutel,Issue-id,Issuetype,Status,Prioriteit,Oplossing,Toegewezen aan,Melder,Labels,Gemaakt,Bijgewerkt,Opgelost,Onderdelen,Beschrijving,Bovenliggend,Uitgaande issuekoppeling (Blocks)",
        "Podsumowanie,Klucz zgłoszenia,Identyfikator zgłoszenia,Typ zgłoszenia,Stan,Priorytet,Rozwiązanie,Osoba przypisana,Zgłaszający,Etykiety,Utworzono,Zaktualizowano,Rozwiązano,Komponenty,Opis,Element nadrzędny,Wychodzące powiązanie zgłoszenia (Blocks)",
        "Тема,Ключ проблемы,Идентификатор проблемы,Тип задачи,Статус,Приоритет,Решение,Исполнитель,Автор,Метки,Создано,Обновлено,Дата решения,Компоненты,Описание,Родитель,Исходящая ссылка (Blocks)",
        "要約,課題キー,課題 ID,課題タイプ,ステータス,優先度,解決状況,担当者,報告者,ラベル,作成日,更新日,解決日,コンポーネント,説明,親,外向きの課題リンク (Blocks)",
        "概要,问题关键字,问题 ID,问题类型,状态,优先级,解决结果,经办人,报告人,标签,创建日期,更新日期,已解决,模块,描述,父级,外部问题链接 (Blocks)",
        "摘要,議題索引鍵,議題 ID,議題類型,狀態,優先順序,解決方案,受託人,報告人,標籤,已建立,已更新,已解決,元件,說明,父項,外向連結（Blocks）",
        "요약,이슈 키,이슈 ID,이슈 유형,상태,우선순위,해결책,담당자,보고자,레이블,만듦,업데이트,해결됨,컴포넌트,설명,상위 항목,나가는 이슈 링크 (Blocks)",
        "Shrnutí,Klíč požadavku,ID požadavku,Typ požadavku,Stav,Priorita,Řešení,Řešitel,Zadavatel,Štítky,Vytvořeno,Aktualizováno,Vyřešeno,Komponenty,Popis,Nadřazený,Odchozí odkaz (Blocks)",
        "Sammanfattning,Ärendenyckel,Ärende-ID,Ärendetyp,Status,Prioritet,Lösning,Tilldelad,Rapportör,Etiketter,Skapad,Uppdaterad,Löst,Komponenter,Beskrivning,Överordnad,Utgående ärendelänk (Blocks)",
        "Özet,Konu anahtarı,Konu kimliği,Konu türü,Durum,Öncelik,Çözüm,Atanan,Raporlayan,Etiketler,Oluşturuldu,Güncellendi,Çözüldü,Bileşenler,Açıklama,Üst,Giden bağlantı (Blocks)",
        // Partly translated, shouted, with quotes and blanks.
        " ZUSAMMENFASSUNG ,Key,Issue id,Vorgangstyp,STATUS,Priority,Lösung,Assignee,Autor,Labels,Erstellt,Updated,Erledigt,Komponenten,* Description,Parent key,Outward issue link (Blocks)",
    ] {
        for mark in ["", "\u{feff}"] {
            let csv = format!(
                "{mark}{header}\nReport is empty,NIM-2,10002,Bug,Open,High,Fixed,Ann,Bob,web,2026-03-01 10:00,2026-03-02 10:00,2026-03-03 10:00,Login,Some text,NIM-1,NIM-3\n"
            );
            let (read, report) = only("x.csv", csv, "NIM-2");
            let expected = Ticket {
                jira_id: Some("10002".into()),
                ticket_type: "Bug".into(),
                status: "Open".into(),
                priority: Some("High".into()),
                resolution: Some("Fixed".into()),
                assignee: Some("Ann".into()),
                reporter: Some("Bob".into()),
                labels: vec!["web".into()],
                components: vec!["Login".into()],
                description: Some("Some text".into()),
                created: at("2026-03-01T10:00:00Z"),
                updated: at("2026-03-02T10:00:00Z"),
                resolved: at("2026-03-03T10:00:00Z"),
                parent: Some(key("NIM-1")),
                links: read.links.clone(),
                ..Ticket::new(key("NIM-2"), "Report is empty")
            };
            assert_eq!(read, expected, "{header}");
            assert_eq!(
                (read.links[0].kind.as_str(), read.links[0].key.as_str()),
                ("Blocks", "NIM-3"),
                "{header}"
            );
            let unused = report.columns.iter().filter(|c| c.used_as.is_none());
            assert_eq!(unused.count(), 0, "{header}: {:?}", report.columns);
        }
    }
}

#[test]
fn of_two_columns_that_may_be_the_key_the_one_with_keys_is_it() {
    for csv in [
        "概要,キー,Key\nx,NIM-4,\n",
        "概要,Key,キー\nx,,NIM-4\n",
        "Summary,Key,Issue key\nx,17,NIM-4\n",
        "Summary,Issue key,Schlüssel\nx,abc,NIM-4\n",
    ] {
        assert_eq!(only("x.csv", csv, "NIM-4").0.summary, "x", "{csv}");
    }
}

#[test]
fn the_only_column_of_keys_is_the_key_and_the_report_says_so() {
    let (read, report) = only("x.csv", "Summary,Nummer,Verweis\nx,NIM-4,-\n", "NIM-4");
    assert_eq!(read.summary, "x");
    let assumed = &report.assumed[0];
    assert_eq!(
        (assumed.about.as_str(), assumed.assumed.as_str()),
        ("columns", "key=Nummer")
    );
    let atlas = Atlas::open_in_memory().unwrap();
    for csv in [
        "Summary,Eins,Zwei\nx,NIM-4,NIM-5\n",
        "Summary,Eins\nx,NIM-4\ny,z\n",
        "Titel unbekannt,Eins\nx,NIM-4\n",
    ] {
        let error = import(&atlas, "x.csv", csv).unwrap_err();
        assert!(error.to_string().contains("--column key="), "{error}");
    }
}

#[test]
fn columns_can_be_named_and_wrong_names_say_what_would_be_right() {
    let atlas = Atlas::open_in_memory().unwrap();
    let csv = "Nr,Headline,Summary,Lane\nNIM-1,Menu,short,Doing\n";
    let columns = [("key", "Nr"), ("summary", "headline"), ("status", "Lane")];
    let report = import_with(&atlas, csv, &columns).unwrap();
    let used: Vec<_> = report
        .file
        .columns
        .iter()
        .map(|c| c.used_as.as_deref())
        .collect();
    assert_eq!(used, [Some("key"), Some("summary"), None, Some("status")]);
    let read = ticket(&atlas, "NIM-1");
    assert_eq!(
        (read.summary.as_str(), read.status.as_str()),
        ("Menu", "Doing")
    );
    for (columns, part) in [
        ([("colour", "Lane")], "description"),
        ([("status", "Swimlane")], "Headline"),
    ] {
        let error = import_with(&atlas, csv, &columns).unwrap_err();
        assert_eq!(error.code(), "INVALID_VALUE");
        assert!(error.to_string().contains(part), "{error}");
    }
    let json = r#"[{"nr": "NIM-2", "key": "x", "headline": "Form"}]"#;
    let report = import_with(&atlas, json, &[("key", "nr"), ("summary", "headline")]).unwrap();
    assert_eq!(
        (report.new, ticket(&atlas, "NIM-2").summary.as_str()),
        (1, "Form")
    );
    let error = import_with(&atlas, json, &[("key", "nr"), ("summary", "title")]).unwrap_err();
    assert!(error.to_string().contains("headline"), "{error}");
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let atlas = Atlas::open_in_memory().unwrap();
    import(&atlas, "x.csv", "Key,Summary\nNIM-1,Menu\n").unwrap();
    let (_folder, path) = file("x.csv", "Key,Summary\nNIM-1,Menu bar\nNIM-2,Form\nNIM-3,\n");
    let dry = TicketImport {
        dry_run: true,
        ..TicketImport::default()
    };
    let report = atlas
        .tickets()
        .import_file_with(&path, &dry, &mut silent)
        .unwrap();
    assert!(report.dry_run);
    assert_eq!(
        (report.new, report.updated, report.skipped_count),
        (1, 1, 1)
    );
    assert_eq!(
        (
            atlas.database().counts().unwrap().tickets,
            ticket(&atlas, "NIM-1").summary.as_str()
        ),
        (1, "Menu")
    );
}

// ---------------------------------------------------------------- absent is not empty

/// A ticket with every field, stored.
fn stored() -> (Atlas, Ticket) {
    let atlas = Atlas::open_in_memory().unwrap();
    let csv = "Issue key,Issue id,Summary,Description,Issue Type,Status,Priority,Resolution,Assignee,Reporter,Components,Labels,Created,Updated,Resolved,Parent key,Outward issue link (Blocks)\n\
               NIM-1,10001,Totals differ,Old text,Bug,Done,High,Fixed,Ann,Bob,Sum,a,2026-03-01 10:00,2026-03-02 10:00,2026-03-03 10:00,NIM-9,NIM-8\n";
    import(&atlas, "whole.csv", csv).unwrap();
    let whole = ticket(&atlas, "NIM-1");
    (atlas, whole)
}

#[test]
fn what_a_file_does_not_name_is_kept() {
    for (name, content) in [
        ("x.csv", "Issue key,Status\nNIM-1,Reopened\n".to_owned()),
        ("x.csv", "Vorgangsschlüssel;Status\nNIM-1;Reopened\n".to_owned()),
        ("x.json", json!({"key": "NIM-1", "fields": {"status": {"name": "Reopened"}}}).to_string()),
        ("x.json", json!({"issues": [{"id": "10001", "self": "x", "key": "NIM-1", "fields": {"status": {"name": "Reopened"}}}]}).to_string()),
        ("x.json", json!([{"Issue key": "NIM-1", "Status": "Reopened"}]).to_string()),
    ] {
        let (atlas, whole) = stored();
        let report = import(&atlas, name, &content).unwrap();
        assert_eq!(report.updated, 1, "{content}");
        let expected = Ticket { status: "Reopened".into(), ..whole };
        assert_eq!(ticket(&atlas, "NIM-1"), expected, "{content}");
        assert_eq!(import(&atlas, name, &content).unwrap().unchanged, 1, "{content}");
    }
}

#[test]
fn what_a_file_names_and_is_empty_is_cleared() {
    let header = "Issue key,Summary,Description,Issue Type,Status,Priority,Resolution,Assignee,Reporter,Components,Labels,Created,Updated,Resolved,Parent key,Outward issue link (Blocks)";
    let names = [
        "summary",
        "description",
        "issuetype",
        "status",
        "priority",
        "resolution",
        "assignee",
        "reporter",
        "components",
        "labels",
        "created",
        "updated",
        "resolutiondate",
        "parent",
        "issuelinks",
    ];
    let object = |value: serde_json::Value| {
        let fields: serde_json::Map<_, _> = names
            .iter()
            .map(|n| ((*n).to_owned(), value.clone()))
            .collect();
        json!({"key": "NIM-1", "fields": fields}).to_string()
    };
    for (name, content) in [
        ("x.csv", format!("{header}\nNIM-1,,,,,,,,,,,,,,,\n")),
        ("x.csv", format!("{header}\nNIM-1,,,,, , ,\" \",,,,,,,,\n")),
        ("x.json", object(json!(null))),
        ("x.json", object(json!(""))),
        ("x.json", object(json!([]))),
    ] {
        let (atlas, whole) = stored();
        import(&atlas, name, &content).unwrap();
        let expected = Ticket {
            jira_id: whole.jira_id,
            ..Ticket::new(key("NIM-1"), "Totals differ")
        };
        assert_eq!(ticket(&atlas, "NIM-1"), expected, "{content}");
    }
}

#[test]
fn a_reopened_unassigned_ticket_loses_what_it_had_whatever_word_says_so() {
    for (header, row) in [
        (
            "Issue key,Status,Resolution,Resolved,Assignee",
            "NIM-1,Reopened,,,",
        ),
        (
            "Issue key,Status,Resolution,Resolved,Assignee",
            "NIM-1,Reopened,Unresolved,-,Unassigned",
        ),
        (
            "Issue key,Status,Resolution,Resolved,Assignee",
            "NIM-1,Reopened,None,N/A,null",
        ),
        (
            "Vorgangsschlüssel,Status,Lösung,Erledigt,Zugewiesene Person",
            "NIM-1,Reopened,Nicht erledigt,,Nicht zugewiesen",
        ),
        (
            "Clé,État,Résolution,Résolu,Responsable",
            "NIM-1,Reopened,Non résolu,,Non assigné",
        ),
        (
            "Clave,Estado,Resolución,Resuelta,Persona asignada",
            "NIM-1,Reopened,Sin resolver,,Sin asignar",
        ),
        (
            "キー,ステータス,解決状況,解決日,担当者",
            "NIM-1,Reopened,未解決,なし,未割り当て",
        ),
    ] {
        let (atlas, whole) = stored();
        import(&atlas, "x.csv", format!("{header}\n{row}\n")).unwrap();
        let expected = Ticket {
            status: "Reopened".into(),
            resolution: None,
            resolved: None,
            assignee: None,
            ..whole
        };
        assert_eq!(ticket(&atlas, "NIM-1"), expected, "{row}");
    }
    // A text may be any word.
    let (read, _) = only(
        "x.csv",
        "Key,Summary,Description\nNIM-1,None,N/A\n",
        "NIM-1",
    );
    assert_eq!(
        (read.summary.as_str(), read.description.as_deref()),
        ("None", Some("N/A"))
    );
}

#[test]
fn repeated_columns_that_are_all_empty_clear_and_one_that_is_filled_counts() {
    let atlas = Atlas::open_in_memory().unwrap();
    import(&atlas, "x.csv", "Key,Summary,Labels,Labels\nNIM-1,x,a,b\n").unwrap();
    import(&atlas, "x.csv", "Key,Summary,Labels,Labels\nNIM-1,x,,c\n").unwrap();
    assert_eq!(ticket(&atlas, "NIM-1").labels, ["c"]);
    import(&atlas, "x.csv", "Key,Summary,Labels,Labels\nNIM-1,x,,\n").unwrap();
    assert!(ticket(&atlas, "NIM-1").labels.is_empty());
}

#[test]
fn an_unreadable_date_is_not_empty_and_is_counted() {
    let (atlas, whole) = stored();
    let csv = "Key,Created,Updated\nNIM-1,soon,2026-04-01\n";
    let report = import(&atlas, "x.csv", csv).unwrap();
    let read = ticket(&atlas, "NIM-1");
    assert_eq!(
        (read.created, read.updated),
        (whole.created, at("2026-04-01T00:00:00Z"))
    );
    let unread = &report.file.unread[0];
    assert_eq!(
        (
            unread.column.as_str(),
            unread.count,
            unread.line,
            unread.example.as_str()
        ),
        ("Created", 1, 2, "soon")
    );
    let json = "\n{\"key\":\"NIM-1\",\"fields\":{\"created\":\"whenever\"}}\n";
    let report = import(&atlas, "x.json", json).unwrap();
    assert_eq!(
        (
            report.file.unread[0].line,
            report.file.unread[0].column.as_str()
        ),
        (2, "created")
    );
    assert_eq!(ticket(&atlas, "NIM-1").created, whole.created);
}

#[test]
fn a_value_of_json_without_a_name_is_not_empty() {
    let (atlas, whole) = stored();
    let fields = json!({"status": {"id": "3"}, "assignee": {"accountId": "5b10"}, "priority": {"self": true}, "labels": [{"id": 7}], "components": [{"name": "Sum"}, {"id": 7}], "summary": ["x"]});
    let json = json!({"key": "NIM-1", "fields": fields}).to_string();
    let report = import(&atlas, "x.json", json).unwrap();
    assert_eq!(ticket(&atlas, "NIM-1"), whole);
    let mut unread: Vec<&str> = report
        .file
        .unread
        .iter()
        .map(|u| u.column.as_str())
        .collect();
    unread.sort_unstable();
    assert_eq!(
        unread,
        ["assignee", "components", "labels", "priority", "status"]
    );
}

#[test]
fn a_key_that_comes_twice_is_named() {
    let atlas = Atlas::open_in_memory().unwrap();
    let report = import(&atlas, "x.csv", "Key,Summary\nNIM-1,a\nNIM-2,b\nNIM-1,c\n").unwrap();
    assert_eq!((report.new, report.updated), (2, 1));
    assert!(
        report.file.warnings[0].starts_with("NIM-1 stands in several rows (again in line 4"),
        "{report:?}"
    );
}

// ---------------------------------------------------------------- tickets without a summary

#[test]
fn a_new_ticket_without_a_summary_is_refused_in_words() {
    for (name, content) in [
        ("x.csv", "Key,Summary\nNIM-1,x\nNIM-7,\n".to_owned()),
        ("x.csv", "Key,Summary,Status\nNIM-1,x,Open\nNIM-7,  ,Open\n".to_owned()),
        ("x.json", json!([{"key": "NIM-1", "summary": "x"}, {"key": "NIM-7", "fields": {"summary": null}}]).to_string()),
    ] {
        let atlas = Atlas::open_in_memory().unwrap();
        let report = import(&atlas, name, &content).unwrap();
        assert_eq!((report.new, report.skipped_count), (1, 1), "{content}");
        assert!(report.skipped[0].reason.contains("NIM-7 has no summary"), "{report:?}");
        assert!(atlas.tickets().get("NIM-7").is_err());
    }
    let atlas = Atlas::open_in_memory().unwrap();
    let report = atlas
        .tickets()
        .add(&[Ticket::new(key("NIM-1"), "")])
        .unwrap();
    assert_eq!((report.new, report.skipped_count), (0, 1));
    let ids = r#"{"issues":[{"id":"10001"},{"id":"10002"}],"isLast":true}"#;
    let report = import(&atlas, "x.json", ids).unwrap();
    assert_eq!((report.stored(), report.skipped_count), (0, 2));
    assert!(
        report.skipped[0].reason.contains("10001 has no \"key\""),
        "{report:?}"
    );
}

#[test]
fn tables_with_keys_that_are_no_tickets_are_refused_as_what_they_are() {
    let refused = |csv: &str| {
        let (atlas, whole) = stored();
        let error = import(&atlas, "x.csv", csv).unwrap_err();
        assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
        assert_eq!(ticket(&atlas, "NIM-1"), whole);
        assert_eq!(atlas.database().counts().unwrap().tickets, 1);
        error.to_string()
    };
    for (csv, parts) in [
        (
            "Issue Key,Issue summary,Hours,Work date,Username,Issue Type,Issue Status\nNIM-1,Other,0.25,2026-03-02,a,Bug,Open\n",
            ["work log", "Hours"],
        ),
        (
            "Issue Key,Summary,Time Spent,Date,Author,Comment\nNIM-1,Other,2h,2026-03-02,a,x\n",
            ["work log", "Time Spent"],
        ),
        (
            "Issue Key,Hours,Status,Work date,Created\nNIM-1,2,Open,2026-03-02,2026-03-02\n",
            ["work log", "Hours"],
        ),
        (
            "Key,Worklog ID,Logged Hours,Started\nNIM-5,1,2,x\n",
            ["work log", "Worklog ID"],
        ),
        (
            "Issue Key,Test Case,Result,Time,Executed\nNIM-1,Search answers,PASS,12,03/Mar/26\n",
            ["executions", "import-history"],
        ),
        (
            "Cycle Name,Issue Key,Test Summary,Execution Status,Executed By\nC,NIM-1,T,PASS,a\n",
            ["executions", "import-results"],
        ),
        (
            "Issue Key,Summary,Test Type,Action,Data,Expected Result\nNIM-1,Log in,Manual,Open,,Shown\n",
            ["test cases", "import-patterns"],
        ),
        (
            "Key,Name,Steps,Expected Results\nNIM-4,Log in,Open,Shown\n",
            ["test cases", "import-patterns"],
        ),
        (
            "Issue key,Author,Created,Comment body\nNIM-1,a,2026-03-02,x\n",
            ["comments or changes", "Comment body"],
        ),
        (
            "Issue key,Created,Field,From,To\nNIM-1,2026-03-02,status,Open,Done\n",
            ["comments or changes", "Field"],
        ),
        (
            "Issue key,Status,Created\nNIM-1,Open,2026-03-02\nNIM-1,Done,2026-03-03\n",
            ["NIM-1 stands in several rows", "line 3"],
        ),
        (
            "ticket_key,ticket_summary,test_key\nNIM-4,Other,MM-T1\n",
            ["executions", "import-history"],
        ),
        (
            "Key,Name,Type,Steps\nPT-1,Totals add up,Sum,1. Open\n",
            ["test cases", "Steps"],
        ),
        (
            "Issue Key,Sprint,Points\nNIM-4,7,3\n",
            ["beside the key", "Sprint"],
        ),
        (
            "Issue Key,Status\nNIM-4,Open\n",
            ["summary", "--column summary="],
        ),
    ] {
        let message = refused(csv);
        assert!(
            parts.iter().all(|part| message.contains(part)),
            "{csv}: {message}"
        );
    }
    for (content, part) in [
        (
            "<html><body><table><tr><th>Key</th></tr></table></body></html>",
            "HTML page",
        ),
        ("<rss version=\"0.92\"><channel/></rss>", "XML"),
        ("PK\u{3}\u{4}zzz", "Excel"),
    ] {
        assert!(refused(content).contains(part), "{content}");
    }
}

#[test]
fn an_export_of_tickets_with_time_or_test_fields_is_still_tickets() {
    for csv in [
        "Issue key,Summary,Status,Created,Time Spent,Log Work,Comment\nNIM-1,x,Open,2026-03-02,60,a,b\n",
        "Key,Summary,Description,Hours,Date\nNIM-1,x,y,2,2026-03-02\n",
        "Key,Summary,Issue Type,Created,Custom field (Test Type),Custom field (Manual Test Steps)\nNIM-1,x,Test,2026-03-02,Manual,[]\n",
        "Key,Summary,Steps,Expected result,Actual result\nNIM-1,x,a,b,c\n",
    ] {
        assert_eq!(only("x.csv", csv, "NIM-1").0.summary, "x", "{csv}");
    }
}

// ---------------------------------------------------------------- tickets that are named by id

#[test]
fn parents_and_links_by_id_are_found_in_the_file_and_in_the_database() {
    for rows in [
        [
            "Epic,NIM-1,1001,",
            "Story,NIM-2,1002,1001",
            "Sub,NIM-3,1003,1002",
        ],
        [
            "Sub,NIM-3,1003,1002",
            "Story,NIM-2,1002,1001",
            "Epic,NIM-1,1001,",
        ],
    ] {
        for header in [
            "Summary,Issue key,Issue id,Parent",
            "Summary,Issue key,Issue id,Parent id",
            "Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Übergeordnet",
        ] {
            let atlas = Atlas::open_in_memory().unwrap();
            let report =
                import(&atlas, "x.csv", format!("{header}\n{}\n", rows.join("\n"))).unwrap();
            assert_eq!((report.new, &report.file.unread[..]), (3, &[][..]));
            assert_eq!(
                ticket(&atlas, "NIM-2").parent,
                Some(key("NIM-1")),
                "{header}"
            );
            assert_eq!(
                ticket(&atlas, "NIM-3").parent,
                Some(key("NIM-2")),
                "{header}"
            );
            // From the database, and where there is none in words.
            let later = "Summary,Issue key,Parent,Inward issue link (Blocks)\nLater,NIM-4,1002,1003\nNobody's,NIM-5,99,\n";
            let report = import(&atlas, "x.csv", later).unwrap();
            let read = ticket(&atlas, "NIM-4");
            assert_eq!(
                (read.parent, read.links[0].key.as_str()),
                (Some(key("NIM-2")), "NIM-3")
            );
            let unread = &report.file.unread[0];
            assert_eq!(
                (
                    unread.column.as_str(),
                    unread.count,
                    unread.line,
                    unread.example.as_str()
                ),
                ("Parent", 1, 3, "99")
            );
        }
    }
    let json = json!({"issues": [
        {"id": "2", "key": "NIM-2", "fields": {"summary": "b", "parent": {"id": "1"}, "issuelinks": [{"type": {"name": "Blocks"}, "outwardIssue": {"id": "3"}}]}},
        {"id": "1", "key": "NIM-1", "fields": {"summary": "a", "parent": 77}},
        {"id": "3", "key": "NIM-3", "fields": {"summary": "c", "parent": "Checkout works"}}]});
    let atlas = Atlas::open_in_memory().unwrap();
    let report = import(&atlas, "x.json", json.to_string()).unwrap();
    let read = ticket(&atlas, "NIM-2");
    assert_eq!(
        (read.parent, read.links[0].key.as_str()),
        (Some(key("NIM-1")), "NIM-3")
    );
    let unread: Vec<&str> = report
        .file
        .unread
        .iter()
        .map(|u| u.example.as_str())
        .collect();
    assert_eq!(unread, ["Checkout works", "77"]);
}

#[test]
fn an_epic_is_the_parent_where_there_is_no_other() {
    for (header, row, parent) in [
        (
            "Key,Summary,Custom field (Epic Link)",
            "NIM-2,x,NIM-1",
            Some("NIM-1"),
        ),
        (
            "Key,Summary,Benutzerdefinierte Felder (Epic Link)",
            "NIM-2,x,NIM-1",
            Some("NIM-1"),
        ),
        (
            "Clave,Resumen,Campo personalizado (Vínculo de las épicas)",
            "NIM-2,x,NIM-1",
            Some("NIM-1"),
        ),
        (
            "Key,Summary,Parent,Custom field (Epic Link)",
            "NIM-2,x,NIM-3,NIM-1",
            Some("NIM-3"),
        ),
        (
            "Key,Summary,Parent,Epic Link",
            "NIM-2,x,,NIM-1",
            Some("NIM-1"),
        ),
        ("Key,Summary,Custom field (Parent)", "NIM-2,x,NIM-1", None),
    ] {
        let (read, _) = only("x.csv", format!("{header}\n{row}\n"), "NIM-2");
        assert_eq!(
            read.parent.as_ref().map(TicketKey::as_str),
            parent,
            "{header}"
        );
    }
}

// ---------------------------------------------------------------- JSON

#[test]
fn flat_keys_of_any_spelling_are_read() {
    for issue in [
        json!({"Issue key": "NIM-1", "Summary": "x", "Status": "Open", "Issue Type": "Bug", "Created": "2026-03-04"}),
        json!({"issueKey": "NIM-1", "summary": "x", "status": {"name": "Open"}, "issueType": "Bug", "createdDate": "2026-03-04"}),
        json!({"issue_key": "NIM-1", "title": "x", "state": "Open", "issue_type": {"name": "Bug"}, "created_at": "2026-03-04"}),
        json!({"KEY": "NIM-1", "SUMMARY": "x", "STATUS": "Open", "ISSUETYPE": "Bug", "CREATED": "2026-03-04"}),
        json!({"Vorgangsschlüssel": "NIM-1", "Zusammenfassung": "x", "Status": "Open", "Vorgangstyp": "Bug", "Erstellt": "2026-03-04"}),
        json!({"key": "NIM-1", "url": "https://x", "summary": "x", "fields": {"status": {"name": "Open"}, "issuetype": {"name": "Bug"}, "created": "2026-03-04"}}),
    ] {
        let (read, report) = only("x.json", json!([issue]).to_string(), "NIM-1");
        let expected = Ticket {
            status: "Open".into(),
            ticket_type: "Bug".into(),
            created: at("2026-03-04T00:00:00Z"),
            ..Ticket::new(key("NIM-1"), "x")
        };
        assert_eq!(read, expected, "{issue}");
        let unused: Vec<_> = report
            .columns
            .iter()
            .filter(|c| c.used_as.is_none())
            .collect();
        assert!(
            unused.iter().all(|column| column.name == "url"),
            "{unused:?}"
        );
    }
}

#[test]
fn custom_fields_are_what_the_file_calls_them() {
    let list = json!({"type": "doc", "version": 1, "content": [{"type": "bulletList", "content": [
        {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "The sum is shown at once"}]}]}]}]});
    let fields = json!({"summary": "x", "description": "Text", "customfield_1": list, "customfield_2": "# Open\n# Add", "customfield_3": "NIM-9", "customfield_4": 5, "customfield_5": {"value": "x"}});
    let names = json!({"customfield_1": "Acceptance Criteria", "customfield_2": "Steps to Reproduce", "customfield_3": "Epic Link", "customfield_4": "Story Points", "customfield_5": "Status"});
    for page in [
        json!({"names": names, "issues": [{"key": "NIM-1", "fields": fields}]}),
        json!({"issues": [{"key": "NIM-1", "fields": fields}], "names": names}),
        json!({"key": "NIM-1", "names": names, "fields": fields}),
    ] {
        let (read, report) = only("x.json", page.to_string(), "NIM-1");
        assert_eq!(
            read.description.as_deref(),
            Some(
                "Text\n\n# Acceptance Criteria\n\n- The sum is shown at once\n\n# Steps to Reproduce\n\n1. Open\n2. Add"
            ),
            "{page}"
        );
        assert_eq!(
            (read.parent, read.status.as_str()),
            (Some(key("NIM-9")), "")
        );
        let unused: Vec<_> = report
            .columns
            .iter()
            .filter(|c| c.used_as.is_none())
            .map(|c| (c.name.as_str(), c.first_value.as_deref()))
            .collect();
        assert_eq!(unused, [("Story Points", Some("5")), ("Status", Some("x"))]);
    }
    let (read, report) = only(
        "x.json",
        json!({"key": "NIM-1", "fields": fields}).to_string(),
        "NIM-1",
    );
    assert_eq!(read.description.as_deref(), Some("Text"));
    assert!(
        report
            .columns
            .iter()
            .any(|c| c.name == "customfield_1" && c.used_as.is_none())
    );
}

#[test]
fn criteria_in_a_column_of_their_own_belong_to_the_description() {
    for header in [
        "Key,Summary,Description,Custom field (Acceptance Criteria)",
        "Key,Summary,Description,Acceptance criteria",
        "Vorgangsschlüssel,Zusammenfassung,Beschreibung,Benutzerdefinierte Felder (Akzeptanzkriterien)",
        "Clé,Résumé,Description,Champs personnalisés (Critères d'acceptation)",
        "キー,要約,説明,カスタム フィールド (受け入れ基準)",
    ] {
        let atlas = Atlas::open_in_memory().unwrap();
        let csv = format!("{header}\nNIM-1,x,Text,\"* one\n* two\"\n");
        import(&atlas, "x.csv", &csv).unwrap();
        let text = "Text\n\n# Acceptance Criteria\n\n- one\n- two";
        assert_eq!(
            ticket(&atlas, "NIM-1").description.as_deref(),
            Some(text),
            "{header}"
        );
        assert_eq!(import(&atlas, "x.csv", &csv).unwrap().unchanged, 1);
        // Criteria alone leave the text as it is, and an emptied cell takes them away.
        let alone = "Key,Acceptance Criteria\nNIM-1,* three\n";
        import(&atlas, "x.csv", alone).unwrap();
        let text = "Text\n\n# Acceptance Criteria\n\n- three";
        assert_eq!(ticket(&atlas, "NIM-1").description.as_deref(), Some(text));
        import(&atlas, "x.csv", "Key,Acceptance Criteria\nNIM-1,\n").unwrap();
        assert_eq!(ticket(&atlas, "NIM-1").description.as_deref(), Some("Text"));
    }
}

#[test]
fn jiras_import_format_is_read_with_its_links() {
    let issues = json!([
        {"key": "NIM-1", "externalId": "1", "summary": "a", "issueType": "Story", "status": "Open", "labels": ["x"], "components": ["Sum"], "description": "h2. Steps\n# Open",
         "customFieldValues": [{"fieldName": "Acceptance Criteria", "value": "* one"}, {"fieldName": "Story Points", "value": 3}]},
        {"key": "NIM-2", "externalId": "2", "summary": "b", "issueType": "Sub-task"}]);
    let links = json!([{"name": "sub-task-link", "sourceId": "2", "destinationId": "1"}, {"name": "Duplicate", "sourceId": "1", "destinationId": "2"}, {"name": "Blocks", "sourceId": "1", "destinationId": "7"}]);
    let atlas = Atlas::open_in_memory().unwrap();
    let report = import(
        &atlas,
        "x.json",
        json!({"issues": issues, "links": links}).to_string(),
    )
    .unwrap();
    assert_eq!(report.new, 2);
    let first = ticket(&atlas, "NIM-1");
    assert_eq!(
        first.description.as_deref(),
        Some("## Steps\n\n1. Open\n\n# Acceptance Criteria\n\n- one")
    );
    assert_eq!(
        (
            first.ticket_type.as_str(),
            first.status.as_str(),
            &first.components[..]
        ),
        ("Story", "Open", &["Sum".to_owned()][..])
    );
    assert_eq!(
        (first.links[0].kind.as_str(), first.links[0].key.as_str()),
        ("Duplicate", "NIM-2")
    );
    assert_eq!(ticket(&atlas, "NIM-2").parent, Some(key("NIM-1")));
    assert_eq!(
        (
            report.file.unread[0].column.as_str(),
            report.file.unread[0].example.as_str()
        ),
        ("links", "7")
    );
}

// ---------------------------------------------------------------- dates of a file

#[test]
fn a_file_has_one_order_of_day_and_month() {
    let read = |content: &str, order: Option<DateOrder>| {
        let (_folder, path) = file("x", content);
        let mut options = TicketImport::default();
        options.reading.date_order = order;
        let mut created = Vec::new();
        let summary = read_tickets_with(&path, &options, &mut |record| {
            let at = record.value.unwrap().ticket.created.unwrap();
            created.push(at.to_string()[..10].to_owned());
            ControlFlow::Continue(())
        });
        (created, summary.unwrap().file)
    };
    for (content, expected) in [
        // Told by a row below, by another column, by created and updated, by JSON.
        (
            "Key,Summary,Created\nNIM-1,x,03/04/2026 9:15 AM\nNIM-2,y,02/13/2026 9:15 AM\n",
            "2026-03-04",
        ),
        (
            "Key,Summary,Created\nNIM-1,x,03/04/2026 09:15\nNIM-2,y,13/02/2026 09:15\n",
            "2026-04-03",
        ),
        (
            "Key,Summary,Created,Resolved\nNIM-1,x,3/4/26,\nNIM-2,y,1/2/26,6/21/26\n",
            "2026-03-04",
        ),
        (
            "Vorgangsschlüssel;Zusammenfassung;Erstellt;Aktualisiert\nNIM-1;x;03-04-2026;03-04-2026\nNIM-2;y;01-02-2026;25-02-2026\n",
            "2026-04-03",
        ),
        (
            "[{\"key\":\"NIM-1\",\"summary\":\"x\",\"created\":\"03/04/2026\"},{\"key\":\"NIM-2\",\"summary\":\"x\",\"created\":\"02/13/2026\"}]",
            "2026-03-04",
        ),
    ] {
        assert_eq!(read(content, None).0[0], expected, "{content}");
    }
    let open = "Key,Summary,Created\nNIM-1,x,03/04/2026\n";
    let (created, report) = read(open, None);
    assert_eq!(created, ["2026-04-03"]);
    assert_eq!(report.assumed[0].about, "date_order");
    let (created, report) = read(open, Some(DateOrder::MonthFirst));
    assert_eq!(
        (&created[..], &report.assumed[..]),
        (&["2026-03-04".to_owned()][..], &[][..])
    );
}

#[test]
fn epochs_of_json_are_seconds_or_milliseconds() {
    for value in [
        json!(1_772_616_900),
        json!(1_772_616_900_000i64),
        json!("1772616900000"),
        json!({"iso8601": "2026-03-04T10:35:00+0100", "epochMillis": 1_772_616_900_000i64}),
    ] {
        let issue = json!({"key": "NIM-1", "fields": {"summary": "x", "created": value}});
        let (read, _) = only("x.json", issue.to_string(), "NIM-1");
        assert_eq!(
            read.created.map(|at| at.as_second() / 3_600),
            Some(1_772_616_900 / 3_600),
            "{issue}"
        );
    }
}

// ---------------------------------------------------------------- the report

#[test]
fn every_column_is_accounted_for() {
    let (_, report) = only(
        "x.csv",
        "Issue key,Summary,Sprint,Votes,Sprint\nNIM-1,x,,3,S 7\n",
        "NIM-1",
    );
    let columns: Vec<_> = report
        .columns
        .iter()
        .map(|c| {
            (
                c.name.as_str(),
                c.used_as.as_deref(),
                c.first_value.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        columns,
        [
            ("Issue key", Some("key"), Some("NIM-1")),
            ("Summary", Some("summary"), Some("x")),
            ("Sprint", None, None),
            ("Votes", None, Some("3")),
            ("Sprint", None, Some("S 7")),
        ]
    );
}

#[test]
fn the_reasons_of_many_bad_rows_are_counted_and_the_first_kept() {
    let mut csv = "Issue key,Summary\nNIM-1,x\n".to_owned();
    (0..5_000).for_each(|n| csv += &format!("bad {n},x\n"));
    let atlas = Atlas::open_in_memory().unwrap();
    let report = import(&atlas, "x.csv", csv).unwrap();
    assert_eq!(
        (report.new, report.skipped.len(), report.skipped_count),
        (1, 1_000, 5_000)
    );
}

#[test]
fn an_import_can_be_stopped_from_the_first_record_on_and_in_a_dry_run() {
    for content in [
        "Issue key,Summary\nNIM-1,x\n".to_owned(),
        json!({"key": "NIM-1", "summary": "x"}).to_string(),
    ] {
        for dry_run in [false, true] {
            for calls in 0..2 {
                let atlas = Atlas::open_in_memory().unwrap();
                let (_folder, path) = file("x", &content);
                let options = TicketImport {
                    dry_run,
                    ..TicketImport::default()
                };
                let mut seen = 0;
                let stopped = atlas.tickets().import_file_with(&path, &options, &mut |_| {
                    seen += 1;
                    match seen > calls {
                        true => ControlFlow::Break(()),
                        false => ControlFlow::Continue(()),
                    }
                });
                assert_eq!(
                    stopped.unwrap_err().code(),
                    "CANCELLED",
                    "{content} {dry_run} {calls}"
                );
            }
        }
    }
}

// ---------------------------------------------------------------- what people and tools make of files

#[test]
fn a_row_that_ends_early_says_nothing_of_the_columns_behind() {
    let (atlas, whole) = stored();
    let csv = "Issue key,Status,Summary,Description,Assignee,Labels,Acceptance Criteria\n\
               NIM-1,Reopened\nNIM-2,Open,Menu,,,,\n";
    let report = import(&atlas, "x.csv", csv).unwrap();
    let expected = Ticket {
        status: "Reopened".into(),
        ..whole
    };
    assert_eq!(ticket(&atlas, "NIM-1"), expected);
    let warnings = &report.file.warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].starts_with("1 row has fewer cells than the header (the first in line 2)"));
    let report = import(&atlas, "x.csv", "Issue key,Status,Assignee,\nNIM-1,Open,\n").unwrap();
    assert_eq!(report.file.warnings, [""; 0]);
    assert_eq!(ticket(&atlas, "NIM-1").assignee, None);
}

#[test]
fn answers_with_an_id_are_opened() {
    let issues = json!({"issues": [{"key": "NIM-1", "fields": {"summary": "Menu"}}]});
    let content = json!([{"type": "text", "text": issues.to_string()}]);
    for answer in [
        json!({"jsonrpc": "2.0", "id": 1, "result": {"content": content}}),
        json!({"id": "toolu_1", "type": "tool_result", "content": content}),
        json!({"jsonrpc": "2.0", "id": 1, "result": {"content": content, "structuredContent": issues}}),
    ] {
        let pretty = serde_json::to_string_pretty(&answer).unwrap();
        for text in [answer.to_string(), pretty] {
            assert_eq!(only("x.json", &text, "NIM-1").0.summary, "Menu", "{text}");
        }
    }
    // Issues that have nothing but ids are told.
    for ids in [
        json!([{"id": "10001"}, {"id": "10002"}]).to_string(),
        json!({"issues": [{"id": "10001"}, {"id": "10002"}]}).to_string(),
        "{\"id\": \"10001\"}\n{\"id\": \"10002\"}\n".to_owned(),
    ] {
        let report = import(&Atlas::open_in_memory().unwrap(), "x.json", &ids).unwrap();
        assert_eq!(report.skipped_count, 2, "{ids}");
        assert!(report.skipped[0].reason.contains("has no \"key\""), "{ids}");
    }
}

#[test]
fn json_with_other_text_around_it_is_refused_as_that() {
    let issues = json!({"issues": [{"key": "NIM-1", "fields": {"summary": "Menu", "status": {"name": "Open"}}}]});
    let list = issues["issues"].to_string();
    let pretty = serde_json::to_string_pretty(&issues).unwrap();
    for text in [
        format!("callback({issues});"),
        format!("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{issues}\n"),
        format!("// issues of NIM\n{list}\n"),
        format!("Here are the issues:\n{list}\n"),
        format!("```json\n{issues}\n```\n"),
        format!("```json\n{pretty}\n```\n"),
        format!("Here are the issues:\n\n{pretty}\n"),
    ] {
        let error = import(&Atlas::open_in_memory().unwrap(), "x.txt", &text).unwrap_err();
        assert!(
            error.to_string().contains("leave only the JSON"),
            "{text}: {error}"
        );
    }
    let csv = "Summary,Number,Description\nMenu,NIM-1,\"Answer:\n{\"\"error\"\": 1,\n\"\"code\"\": 2}\"\n";
    assert_eq!(only("x.csv", csv, "NIM-1").0.summary, "Menu");
}

#[test]
fn dates_of_other_columns_tell_the_order_of_day_and_month() {
    let created = |name: &str, content: &str| {
        let (read, report) = only(name, content, "NIM-1");
        let day = read.created.unwrap().to_string()[..10].to_owned();
        (day, report.assumed.len())
    };
    let told = ("2026-03-04".to_owned(), 0);
    for (header, cell) in [
        ("Last Viewed", "02/13/2026"),
        ("Due date", "2/13/26 9:15 AM"),
        ("Due date", "2/13/26"),
        ("Custom field (Go-live)", "02/13/2026 09:15"),
    ] {
        let csv = format!("Key,Summary,Created,{header}\nNIM-1,x,03/04/2026,{cell}\n");
        assert_eq!(created("x.csv", &csv), told, "{csv}");
    }
    let json = json!([{"key": "NIM-1", "fields": {"summary": "x", "created": "03/04/2026", "duedate": "02/13/2026"}}]);
    assert_eq!(created("x.json", &json.to_string()), told);
    // A column with anything else, and what may be a version, say nothing.
    for cell in ["2.13.26", "soon"] {
        let csv = format!("Key,Summary,Created,Other\nNIM-1,x,03/04/2026,{cell}\n");
        assert_eq!(created("x.csv", &csv), ("2026-04-03".to_owned(), 1));
    }
    // Open dates of other columns are no matter of the tickets.
    let csv = "Key,Summary,Created,Due date\nNIM-1,x,2026-03-04,03/04/2026\n";
    assert_eq!(created("x.csv", csv), told);
}

#[test]
fn labels_in_one_cell_are_parted_where_no_label_goes_on() {
    for (value, labels) in [
        ("a, b", &["a", "b"][..]),
        ("a b", &["a", "b"]),
        ("a;b; c", &["a", "b", "c"]),
        ("a,\nb,", &["a", "b"]),
        ("a,b", &["a,b"]),
        ("None", &[]),
    ] {
        let csv = format!("Key,Summary,Labels\nNIM-1,x,\"{value}\"\n");
        assert_eq!(only("x.csv", &csv, "NIM-1").0.labels, labels, "{csv}");
        for json in [json!(value), json!([value])] {
            let issue = json!({"key": "NIM-1", "fields": {"summary": "x", "labels": json}});
            let read = only("x.json", issue.to_string(), "NIM-1").0;
            assert_eq!(read.labels, labels, "{issue}");
        }
    }
}

#[test]
fn keys_are_read_from_addresses_and_from_formulas_of_text() {
    for (own, parent) in [
        (
            "https://x.atlassian.net/browse/NIM-1",
            "https://x.atlassian.net/browse/NIM-3?focus=2",
        ),
        ("=\"NIM-1\"", "=\"NIM-3\""),
        ("\"=\"\"NIM-1\"\"\"", "NIM-3"),
    ] {
        let csv = format!("Key,Summary,Parent\n{own},x,{parent}\n");
        let read = only("x.csv", &csv, "NIM-1").0;
        assert_eq!(read.parent, Some(key("NIM-3")), "{csv}");
    }
    let address = |key: &str| format!("https://jira.example.com/browse/{key}");
    let issue =
        json!({"key": address("NIM-1"), "fields": {"summary": "x", "parent": address("NIM-3")}});
    let read = only("x.json", issue.to_string(), "NIM-1").0;
    assert_eq!(read.parent, Some(key("NIM-3")));
    // Nothing is its own parent.
    let csv = "Key,Id,Summary,Parent,Epic Link\nNIM-1,7,x,NIM-1,NIM-2\n";
    assert_eq!(only("x.csv", csv, "NIM-1").0.parent, Some(key("NIM-2")));
    let csv = "Key,Issue id,Summary,Parent\nNIM-1,7,x,7\n";
    assert_eq!(only("x.csv", csv, "NIM-1").0.parent, None);
    let issue = json!({"key": "NIM-1", "fields": {"summary": "x", "parent": {"key": "NIM-1"}}});
    assert_eq!(only("x.json", issue.to_string(), "NIM-1").0.parent, None);
}
