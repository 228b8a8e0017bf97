//! A small writer of Excel workbooks for tests: cells as they stand in the XML.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook.
#[derive(Default)]
pub struct Book {
    sheets: Vec<(String, String, String)>,
    shared: Vec<String>,
    formats: Vec<String>,
    properties: String,
}

/// A text in its cell.
pub fn t(text: &str) -> String {
    format!(
        "t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is>",
        escaped(text)
    )
}

/// A number.
pub fn n(number: &str) -> String {
    format!("><v>{number}</v>")
}

/// A number in the style of one of the workbook's formats, from 0.
pub fn styled(number: &str, format: usize) -> String {
    format!("s=\"{}\"><v>{number}</v>", format + 1)
}

/// A formula, with what is stored of it.
pub fn f(formula: &str, stored: Option<&str>) -> String {
    match stored {
        Some(text) => format!("t=\"str\"><f>{formula}</f><v>{}</v>", escaped(text)),
        None => format!("><f>{formula}</f><v/>"),
    }
}

/// Anything else.
pub fn raw(xml: &str) -> String {
    xml.to_owned()
}

/// No cell.
pub fn none() -> String {
    String::new()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The name of a column, from 0, below 26.
fn letter(column: usize) -> char {
    char::from(b'A' + u8::try_from(column).unwrap())
}

impl Book {
    /// Adds a sheet of rows, the first one of which is row 1; empty rows are left out.
    pub fn sheet(self, name: &str, rows: &[Vec<String>]) -> Self {
        self.sheet_with(name, "", rows, "")
    }

    /// The same with attributes of the sheet, such as `state="hidden"`, and what follows its cells.
    pub fn sheet_with(
        mut self,
        name: &str,
        attributes: &str,
        rows: &[Vec<String>],
        after: &str,
    ) -> Self {
        let mut xml = String::new();
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let cells = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
            let cells: String = cells
                .map(|(column, cell)| {
                    format!("<c r=\"{}{}\" {cell}</c>", letter(column), number + 1)
                })
                .collect();
            xml.push_str(&format!("<row r=\"{}\">{cells}</row>", number + 1));
        }
        let xml =
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{xml}</sheetData>{after}</worksheet>");
        self.sheets.push((name.into(), attributes.into(), xml));
        self
    }

    /// Adds a sheet as XML.
    pub fn sheet_of(mut self, name: &str, data: &str) -> Self {
        let xml = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>");
        self.sheets.push((name.into(), String::new(), xml));
        self
    }

    /// Adds a shared text, as XML within `si`.
    pub fn shared(mut self, xml: &str) -> Self {
        self.shared.push(format!("<si>{xml}</si>"));
        self
    }

    /// Adds a format of numbers.
    pub fn format(mut self, code: &str) -> Self {
        self.formats.push(escaped(code).replace('"', "&quot;"));
        self
    }

    /// Adds properties of the workbook, as XML before and after its sheets.
    pub fn properties(mut self, xml: &str) -> Self {
        self.properties = xml.into();
        self
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut parts = vec![(
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"a\" \
                 Type=\"{OFFICE}/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>"
            ),
        )];
        let (mut list, mut relations) = (String::new(), String::new());
        for (place, (name, attributes, xml)) in self.sheets.iter().enumerate() {
            let number = place + 1;
            list.push_str(&format!(
                "<sheet name=\"{name}\" sheetId=\"{number}\" {attributes} r:id=\"r{number}\"/>"
            ));
            relations.push_str(&relation(
                &format!("r{number}"),
                "worksheet",
                &format!("worksheets/s{number}.xml"),
            ));
            parts.push((format!("xl/worksheets/s{number}.xml"), xml.clone()));
        }
        relations.push_str(&relation("t", "sharedStrings", "sharedStrings.xml"));
        relations.push_str(&relation("f", "styles", "styles.xml"));
        parts.push((
            "xl/workbook.xml".into(),
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\">{}<sheets>{list}</sheets></workbook>",
                self.properties
            ),
        ));
        parts.push((
            "xl/_rels/workbook.xml.rels".into(),
            format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>"),
        ));
        parts.push((
            "xl/sharedStrings.xml".into(),
            format!(
                "<sst xmlns=\"{MAIN}\" count=\"99999999\">{}</sst>",
                self.shared.concat()
            ),
        ));
        parts.push(("xl/styles.xml".into(), self.styles()));
        parts.push(("[Content_Types].xml".into(), "<Types/>".into()));
        zip(&parts)
    }

    fn styles(&self) -> String {
        let (mut codes, mut styles) = (String::new(), "<xf numFmtId=\"0\"/>".to_owned());
        for (place, code) in self.formats.iter().enumerate() {
            let id = 164 + place;
            codes.push_str(&format!(
                "<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>"
            ));
            styles.push_str(&format!("<xf numFmtId=\"{id}\"/>"));
        }
        format!(
            "<styleSheet xmlns=\"{MAIN}\"><numFmts>{codes}</numFmts><cellStyleXfs>\
             <xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>"
        )
    }
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
}

/// A zip package of these parts.
pub fn zip(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in parts {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
