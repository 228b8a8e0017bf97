//! Formats are told by all columns, and steps are found under any tool's and language's names.

use atlas_core::domain::{TestFormat, TestImport};
use atlas_core::exchange::cases;

use super::{cases_of, line, lines, read, read_with};

#[test]
fn xrays_sheets_are_told_for_every_type_and_id_column() {
    for id in ["Test ID", "TCID", "Test Case Identifier", "Issue ID"] {
        for name in ["Summary", "Test Summary"] {
            for (column, cell) in [
                ("Action", "Open"),
                ("Test Step", "Open"),
                ("Gherkin Definition", "When Open"),
                ("Unstructured Definition", "Open"),
                ("Generic Test Definition", "Open"),
            ] {
                let table = format!(
                    "{id},Issue Key,{name},Test Type,{column},Test Repo\n1,QA-1,Pay,,{cell},Shop\n"
                );
                let file = read(&table);
                assert_eq!(file.format, TestFormat::XrayCsv, "{table}");
                let case = file.entries[0].value.as_ref().unwrap();
                assert_eq!(line(case), "QA-1 Pay: Open>", "{table}");
                assert_eq!(case.pattern.pattern_type, "Shop");
            }
        }
    }
    for (header, format) in [
        (
            "Issue Key,Test Summary,Step,Test Data",
            TestFormat::ZephyrSquad,
        ),
        (
            "Test Summary,Cycle Name,Issue Key,Labels",
            TestFormat::ZephyrSquad,
        ),
        ("Name,Steps,Expected Result", TestFormat::Csv),
        ("Test ID,Test Name,Steps", TestFormat::Csv),
        ("ID,Title,Steps (Step)", TestFormat::TestrailCsv),
        ("Title,Step Action,Step Expected", TestFormat::AzureCsv),
        ("Test Name,Description (Design Steps)", TestFormat::Csv),
    ] {
        assert_eq!(read(&format!("{header}\n")).format, format, "{header}");
    }
}

#[test]
fn columns_are_known_in_many_languages() {
    for header in [
        "Name,Precondition,Test Steps,Expected Results,Test Data,Priority",
        "Titel;Vorbedingung;Testschritt;Erwartetes Ergebnis;Testdaten;Priorität",
        "Titre;Prérequis;Étapes;Résultat attendu;Données de test;Priorité",
        "Título;Precondición;Pasos;Resultado esperado;Datos de prueba;Prioridad",
        "Título;Pré-condição;Passos;Resultado Esperado;Dados de teste;Prioridade",
        "Titolo;Precondizioni;Passaggi;Risultato atteso;Dati di test;Priorità",
        "Titel;Voorwaarden;Stappen;Verwacht resultaat;Testgegevens;Prioriteit",
        "Tytuł;Warunki wstępne;Kroki;Oczekiwany rezultat;Dane testowe;Priorytet",
        "Название;Предусловия;Шаги;Ожидаемый результат;Тестовые данные;Приоритет",
        "テスト名;前提条件;テスト手順;期待結果;テストデータ;優先度",
        "用例标题;前置条件;测试步骤;预期结果;测试数据;优先级",
        "제목;사전 조건;테스트 단계;예상 결과;테스트 데이터;우선순위",
        "TESTFALL;voraussetzungen;Aktion;ERWARTUNG;Daten;priorität",
        "test_case_name;pre-condition(s);StepDescription;expectedResult;test_data;priority",
    ] {
        let table = format!("{header}\nPay;A cart;Open;Shown;x;1\n").replace(';', ",");
        let case = &cases_of(&table)[0];
        assert_eq!(line(case), "Pay: Open>Shown[x]", "{header}");
        assert_eq!(
            case.pattern.precondition.as_deref(),
            Some("A cart"),
            "{header}"
        );
    }
}

#[test]
fn steps_are_found_in_the_tables_of_other_tools() {
    let pay = ["Pay: Open>Shown|Pay>Receipt"];
    for table in [
        "Subject,Test Name,Step Name (Design Steps),Description (Design Steps),Expected Result (Design Steps)\nShop,Pay,Step 1,Open,Shown\nShop,Pay,Step 2,Pay,Receipt\n",
        "Test Name,Type,Step Name (Design Step),Description (Design Step),Expected (Design Step)\nPay,MANUAL,Step 1,Open,Shown\n,,Step 2,Pay,Receipt\n",
        "Name,Test_type,Step name,Step description,Step expected_results,Step position\nPay,Scripted,a,Pay,Receipt,2\n,,b,Open,Shown,1\n",
        "Test Suite,Test Case,Step Number,Actions,Expected Results,Importance\nShop,Pay,1,Open,Shown,High\nShop,Pay,2,Pay,Receipt,High\n",
        "Test Case,Step,Action,Expected Result,Result\nPay,1,Open,Shown,Pass\n,2,Pay,Receipt,Fail\n",
        "Title,Step 1,Expected Result 1,Step 2,Expected Result 2\nPay,Open,Shown,Pay,Receipt\n",
        "Title,Expected 2,Step 2,Step 1,Expected 1\nPay,Receipt,Pay,Open,Shown\n",
        "Titel,Schritt 1,Erwartetes Ergebnis 1,Schritt 2,Erwartetes Ergebnis 2\nPay,Open,Shown,Pay,Receipt\n",
        "Name,Step 1 Action,Step 1 Expected Result,Step 2 Action,Step 2 Expected Result\nPay,Open,Shown,Pay,Receipt\n",
        "Name,Step,Expected,Step,Expected\nPay,Open,Shown,Pay,Receipt\n",
    ] {
        assert_eq!(lines(table), pay, "{table}");
    }
}

#[test]
fn what_was_not_used_is_said_first() {
    let file =
        read("Name,Was getan wird,Was man sieht,Priorität\nPay,Open,Shown,1\nKeep,Press,,2\n");
    let warning = &file.report.warnings[0];
    for part in [
        "2 of 2",
        "\"Was getan wird\", \"Was man sieht\"",
        "--column",
    ] {
        assert!(warning.contains(part), "{warning}");
    }
    let columns = file.report.columns.iter().map(|column| {
        (
            column.name.as_str(),
            column.used_as.as_deref(),
            column.first_value.as_deref(),
        )
    });
    let columns: Vec<_> = columns.collect();
    assert_eq!(columns[0], ("Name", Some("name"), Some("Pay")));
    assert_eq!(columns[1], ("Was getan wird", None, Some("Open")));
    let quiet = read("Name,Priority\nPay,1\n");
    assert!(
        quiet.report.warnings.is_empty(),
        "nothing that could be steps"
    );
    let file = read("Name,Estimate,References,Steps\nPay,soon,see wiki,Open\nKeep,1h,WEB-1,Open\n");
    let unread: Vec<_> = file
        .report
        .unread
        .iter()
        .map(|one| (one.column.as_str(), one.line, one.example.as_str()))
        .collect();
    assert_eq!(
        unread,
        [("Estimate", 2, "soon"), ("References", 2, "see wiki")]
    );
}

#[test]
fn columns_are_mapped_by_any_spelling_and_errors_name_them() {
    let table = "Prüfung,Tun,Sehen\nPay,Open,Shown\n,Pay,Receipt\n";
    let with = |columns: &[(&str, &str)]| {
        let columns = columns
            .iter()
            .map(|(field, name)| ((*field).to_owned(), (*name).to_owned()));
        TestImport {
            columns: columns.collect(),
            ..TestImport::default()
        }
    };
    for field in ["steps", "action"] {
        let options = with(&[("name", "PRÜFUNG "), (field, "tun"), ("expected", "sehen")]);
        let file = read_with(table, &options);
        assert_eq!(
            line(file.entries[0].value.as_ref().unwrap()),
            "Pay: Open>Shown|Pay>Receipt"
        );
    }
    let (_folder, path) = super::file("x.csv", table);
    let error = cases::read(&path, &with(&[("name", "Titel")])).unwrap_err();
    assert!(error.to_string().contains("Prüfung, Tun, Sehen"), "{error}");
}

#[test]
fn columns_of_more_tools_and_people_are_known() {
    for (table, expected) in [
        (
            "Module,Test Case Id,Name,Test Step #,Test Step Description,Test Step Expected Result\nWeb,TC-1,Pay,1,Open,Shown\n,,,2,Pay,Receipt\n",
            "TC-1 Pay: Open>Shown|Pay>Receipt",
        ),
        (
            "No,大項目,中項目,テスト項目,操作手順,期待結果\n1,店,支払い,Pay,\"1. Open\n2. Pay\",\"1. Shown\n2. Receipt\"\n",
            "1 Pay: Open>Shown|Pay>Receipt",
        ),
        (
            "ID,Scenario,Given,When,Then\n1,Pay,a cart,I pay,a receipt comes\n",
            "1 Pay: I pay>a receipt comes",
        ),
        (
            "External ID,Name,Step (Action),Step (Expected)\nTC-1,Pay,0,\n",
            "TC-1 Pay: 0>",
        ),
        (
            "ID,Title,When,Steps\n1,Pay,2026-03-04,Open\n",
            "1 Pay: Open>",
        ),
        ("ID,Title,When\n1,Pay,2026-03-04\n", "1 Pay:"),
    ] {
        assert_eq!(lines(table)[0].trim(), expected, "{table}");
    }
    let referenced = read("ID;Titel;Schritte;Referenzen\n1;Zahlen;Öffnen;WEB-1\n");
    let case = referenced.entries[0].value.as_ref().unwrap();
    assert_eq!(case.tickets[0].as_str(), "WEB-1");
}
