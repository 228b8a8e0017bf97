//! Markdown (test-case libraries, MCP servers) to plain text and to steps.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::plain::{PlainText, unix_lines};
use super::tags::without_tags;

/// The plain text of Markdown, with tables, tasks and strike-through as on GitHub.
///
/// ```
/// use atlas_core::text::markdown;
/// assert_eq!(markdown::to_text("**Log in** as [admin](http://x.y)\n* [x] done"), "Log in as admin (http://x.y)\n\n- [x] done");
/// ```
pub fn to_text(markdown: &str) -> String {
    let markdown = unix_lines(markdown);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer::default();
    let mut events = Parser::new_ext(&markdown, options).peekable();
    while let Some(event) = events.next() {
        // A line break that no line follows is written as a lone backslash.
        let lone = matches!(&event, Event::Text(text) if text.as_ref() == "\\")
            && matches!(events.peek(), Some(Event::End(TagEnd::Paragraph)));
        if !lone {
            writer.event(event);
        }
    }
    writer.out.finish()
}

#[derive(Default)]
struct Writer {
    out: PlainText,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// Language and text of the open code block.
    code: Option<(String, String)>,
    /// Address and text of the open links and images.
    links: Vec<(String, String)>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.text(&without_tags(&html)),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule => self.out.block(),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(name) => self.text(&format!("[{name}]")),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        if let Some((_, linked)) = self.links.last_mut() {
            linked.push_str(text);
        }
        self.out.text(text);
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.out.heading(level as usize),
            Tag::BlockQuote(_) => self.out.enter_quote(),
            Tag::CodeBlock(kind) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or(""),
                    CodeBlockKind::Indented => "",
                };
                self.code = Some((language.to_owned(), String::new()));
            }
            Tag::List(first) => {
                self.out.block();
                self.lists.push(first);
            }
            Tag::Item => self.item(),
            Tag::TableHead | Tag::TableRow => self.out.enter_row(),
            Tag::TableCell => self.out.cell(),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.to_string(), String::new())),
            Tag::Image { dest_url, .. } => {
                self.text("[attachment ");
                self.links.push((dest_url.to_string(), String::new()));
            }
            Tag::Paragraph | Tag::Table(_) | Tag::HtmlBlock => self.out.block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::Item => self.out.leave(),
            TagEnd::CodeBlock => {
                if let Some((language, text)) = self.code.take() {
                    self.out.code(&language, &text);
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.out.block();
            }
            TagEnd::TableHead | TagEnd::TableRow => self.out.leave_row(),
            TagEnd::Link => {
                if let Some((url, text)) = self.links.pop() {
                    self.out.link_target(&text, &url);
                }
            }
            TagEnd::Image => {
                if let Some((url, text)) = self.links.pop() {
                    let name = url.rsplit('/').next().unwrap_or("");
                    self.text(if text.is_empty() { name } else { "" });
                    self.text("]");
                }
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Table | TagEnd::HtmlBlock => {
                self.out.block();
            }
            _ => {}
        }
    }

    fn item(&mut self) {
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{}. ", number.saturating_sub(1))
            }
            _ => "- ".to_owned(),
        };
        self.out.enter_item(Some(marker));
    }
}
