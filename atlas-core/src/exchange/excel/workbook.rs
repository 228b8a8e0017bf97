//! What a workbook says of its sheets, and what all of them share: texts and formats of numbers.

use std::collections::HashMap;

use super::format::{self, Format};
use super::package::{Package, PartItem, attribute, is_on};

/// The most sheets, texts and formats; no workbook of anybody's has more.
const MOST_SHEETS: usize = 500;
const MOST_TEXTS: usize = 5_000_000;
const MOST_FORMATS: usize = 100_000;

/// What all sheets share.
#[derive(Default)]
pub(super) struct Workbook {
    pub sheets: Vec<SheetEntry>,
    pub texts: Vec<String>,
    /// The format of each style.
    pub formats: Vec<Format>,
    /// Whether days are counted from 1904 on.
    pub from_1904: bool,
    /// Whether formulas are computed when the workbook is opened: a stored 0 may be none.
    pub computes: bool,
}

/// A sheet of the list.
pub(super) struct SheetEntry {
    pub name: String,
    pub hidden: bool,
    /// Its part; none for a chart or a dialog.
    pub part: Option<String>,
}

impl Workbook {
    /// # Errors
    /// What is missing or wrong, in words.
    pub fn read(package: &mut Package<'_>) -> Result<Self, String> {
        let root = relations(package, "")?;
        let part = root
            .iter()
            .find(|one| one.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |one| one.part.clone());
        let relations = relations(package, &part)?;
        let mut book = Workbook::default();
        book.list(package, &part, &relations)?;
        let of_kind = |kind: &str| relations.iter().find(|one| one.kind == kind);
        if let Some(texts) = of_kind("sharedStrings") {
            book.texts = texts_of(package, &texts.part)?;
        }
        if let Some(styles) = of_kind("styles") {
            book.formats = formats_of(package, &styles.part)?;
        }
        Ok(book)
    }

    fn list(
        &mut self,
        package: &mut Package<'_>,
        part: &str,
        relations: &[Relation],
    ) -> Result<(), String> {
        package.read(part, &mut |item| {
            let PartItem::Open(element) = item else {
                return Ok(());
            };
            match element.local_name().as_ref() {
                "workbookPr" => self.from_1904 = is_on(attribute(element, "date1904")),
                "calcPr" => self.computes = is_on(attribute(element, "fullCalcOnLoad")),
                "sheet" if self.sheets.len() < MOST_SHEETS => {
                    let id = attribute(element, "id").unwrap_or_default();
                    let relation = relations.iter().find(|one| one.id == id);
                    self.sheets.push(SheetEntry {
                        name: attribute(element, "name").unwrap_or_default(),
                        hidden: attribute(element, "state").is_some_and(|state| state != "visible"),
                        part: relation
                            .filter(|one| one.kind == "worksheet")
                            .map(|one| one.part.clone()),
                    });
                }
                _ => {}
            }
            Ok(())
        })
    }
}

/// What a part refers to.
struct Relation {
    id: String,
    /// The last part of its type.
    kind: String,
    part: String,
}

fn relations(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, String> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let list = match folder {
        "" => format!("_rels/{name}.rels"),
        _ => format!("{folder}/_rels/{name}.rels"),
    };
    let mut relations = Vec::new();
    if !package.has(&list) {
        return Ok(relations);
    }
    package.read(&list, &mut |item| {
        if let PartItem::Open(element) = item
            && element.local_name().as_ref() == "Relationship"
            && relations.len() < 10 * MOST_SHEETS
        {
            let text = |name| attribute(element, name).unwrap_or_default();
            let kind = text("Type");
            relations.push(Relation {
                id: text("Id"),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                part: resolved(folder, &text("Target")),
            });
        }
        Ok(())
    })?;
    Ok(relations)
}

/// The part that a reference from a folder means.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut names: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|name| !name.is_empty()).collect(),
    };
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    names.join("/")
}

/// The shared texts; of rich text the words, without the reading aids of East Asian scripts.
fn texts_of(package: &mut Package<'_>, part: &str) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    if !package.has(part) {
        return Ok(texts);
    }
    let mut text = RichText::default();
    package.read(part, &mut |item| {
        match &item {
            PartItem::Open(element) if element.local_name().as_ref() == "si" => {
                text = RichText::default();
            }
            PartItem::Close("si") if texts.len() >= MOST_TEXTS => {
                return Err("it has too many texts: split it".into());
            }
            PartItem::Close("si") => texts.push(unescaped(&text.text)),
            _ => text.take(&item),
        }
        Ok(())
    })?;
    Ok(texts)
}

/// The words of a text that may have formats and reading aids in it.
#[derive(Default)]
pub(super) struct RichText {
    pub text: String,
    in_text: bool,
    in_aid: bool,
}

impl RichText {
    pub fn take(&mut self, item: &PartItem<'_>) {
        match item {
            PartItem::Open(element) => match element.local_name().as_ref() {
                "rPh" => self.in_aid = true,
                "t" => self.in_text = !self.in_aid,
                _ => {}
            },
            PartItem::Text(text) if self.in_text => self.text.push_str(text),
            PartItem::Close("rPh") => self.in_aid = false,
            PartItem::Close("t") => self.in_text = false,
            _ => {}
        }
    }
}

/// A text with `_x000D_` and the like undone; a carriage return before a line feed goes.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6);
        let ends = rest.get(at + 6..at + 7) == Some("_");
        let c = code
            .filter(|_| ends)
            .and_then(|code| u32::from_str_radix(code, 16).ok());
        match c.and_then(char::from_u32) {
            Some(c) => {
                plain.push_str(&rest[..at]);
                plain.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                plain.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    match plain.contains('\r') {
        true => plain.replace("\r\n", "\n").replace('\r', "\n"),
        false => plain,
    }
}

/// The format of each style.
fn formats_of(package: &mut Package<'_>, part: &str) -> Result<Vec<Format>, String> {
    let mut formats = Vec::new();
    if !package.has(part) {
        return Ok(formats);
    }
    let mut own: HashMap<u32, Format> = HashMap::new();
    let mut in_cells = false;
    let number = |text: Option<String>| text.and_then(|text| text.parse::<u32>().ok());
    package.read(part, &mut |item| {
        match item {
            PartItem::Open(element) => match element.local_name().as_ref() {
                "numFmt" if own.len() < MOST_FORMATS => {
                    if let Some(id) = number(attribute(element, "numFmtId")) {
                        let code = attribute(element, "formatCode").unwrap_or_default();
                        own.insert(id, format::of_code(&code));
                    }
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells && formats.len() < MOST_FORMATS => {
                    let id = number(attribute(element, "numFmtId")).unwrap_or(0);
                    let format = own.get(&id).cloned();
                    formats.push(format.unwrap_or_else(|| format::of_id(id)));
                }
                _ => {}
            },
            PartItem::Close("cellXfs") => in_cells = false,
            _ => {}
        }
        Ok(())
    })?;
    Ok(formats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_in_a_folder() {
        assert_eq!(
            resolved("xl", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(
            resolved("xl", "/xl/worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(resolved("xl/a", "..\\b.xml"), "xl/b.xml");
        assert_eq!(resolved("", "../../b.xml"), "b.xml");
    }

    #[test]
    fn escapes_in_texts_are_undone() {
        assert_eq!(unescaped("a_x000D_\nb_x005F_x"), "a\nb_x");
        assert_eq!(unescaped("a_xyz_ _x12 é_x"), "a_xyz_ _x12 é_x");
    }
}
