//! One plain form for every kind of description, and no input that breaks it.

use std::time::{Duration, Instant};

use atlas_core::text::{adf, html, markdown, markdown_steps, prose, steps, wiki};
use serde_json::{Value, json};

#[test]
fn wiki_markup_becomes_the_plain_form() {
    for (wiki, plain) in [
        ("", ""),
        (
            "h1. A\nh3.B\r\ntext  \r\n\r\n\r\n\r\nmore",
            "# A\n\n### B\n\ntext\n\nmore",
        ),
        (
            "a *b* _c_ -d- +e+ ^f^ ~g~ {{h_i_}} {*}j{*}k",
            "a b c d e f g h_i_ jk",
        ),
        (
            "a_b_c 2*3*4 foo-bar x -1 y C++ a - b - c",
            "a_b_c 2*3*4 foo-bar x -1 y C++ a - b - c",
        ),
        (
            "SELECT * FROM *.js and **two** __init__",
            "SELECT * FROM *.js and **two** __init__",
        ),
        (
            "*bold*, (_it_) and \"*quoted*\".",
            "bold, (it) and \"quoted\".",
        ),
        ("{color:red}*hot*{color} {color:#ff0000}x{color}", "hot x"),
        (
            "{color:'red', width: 5} {id} {a:1}",
            "{color:'red', width: 5} {id} {a:1}",
        ),
        (
            "* a\n** b\n*** c\n* d\n\ntext",
            "- a\n  - b\n    - c\n- d\n\ntext",
        ),
        (
            "# a\n## b\n## c\n# d\n#* e\n# f",
            "1. a\n  1. b\n  2. c\n2. d\n  - e\n3. f",
        ),
        ("# a\n\n# b", "1. a\n2. b"),
        ("- a\n- b\nmore of b", "- a\n- b\n  more of b"),
        (
            "# run\n{code:java|title=A.java}\nint a = *b*;\n{code}\n# look",
            "1. run\n  A.java\n  ```java\n  int a = *b*;\n  ```\n2. look",
        ),
        ("x {code}a{code} y", "x\n\n```\na\n```\n\ny"),
        ("{noformat}\n{code}\n{noformat}", "```\n{code}\n```"),
        ("{code} never closed *b*", "never closed b"),
        ("{quote}a\n\nb{quote}\nbq. c", "> a\n> b\n\n> c"),
        ("a {quote} b", "a\nb"),
        (
            "{panel:title=Hint|borderStyle=dashed}\nbody\n{panel}",
            "Hint\n\nbody",
        ),
        (
            "||Head||Two||\n|a|*b*|\n| |[on|http://x]|\ntext",
            "| Head | Two |\n| a | b |\n|  | on (http://x) |\n\ntext",
        ),
        ("|a|b\nc|", "| a | b c |"),
        (
            "[text|https://x.y/a_b_c] [https://x.y] [https://x.y|https://x.y|smart-link]",
            "text (https://x.y/a_b_c) https://x.y https://x.y",
        ),
        (
            "[~jane.doe] [~accountid:5b:10] [^my log.txt] [DEBUG] a[0] [mailto:a@b.c]",
            "@jane.doe @5b:10 [attachment my log.txt] [DEBUG] a[0] a@b.c",
        ),
        (
            "!shot one.png|thumbnail! wow! great! !no file!",
            "[attachment shot one.png] wow! great! !no file!",
        ),
        ("a\n----\nb", "a\n\nb"),
        (
            "one\\\\two \\\\ three C:\\\\temp\\\\x \\{code} \\*a\\*",
            "one\ntwo\nthree C:\\\\temp\\\\x {code} *a*",
        ),
        ("http://x.y/_a_/*b* ok", "http://x.y/_a_/*b* ok"),
        (
            "{html}<p>a &lt;b&gt;</p><ul><li>c</ul>{html}",
            "a <b>\n\n- c",
        ),
        (
            "{adf:display=block}{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}{adf}",
            "x",
        ),
        ("👍 *été* \u{feff}\u{0}日本&nbsp;x", "👍 été 日本 x"),
        ("{anchor:top}a", "a"),
    ] {
        assert_eq!(wiki::to_text(wiki), plain, "{wiki:?}");
    }
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn node(kind: &str, content: Vec<Value>) -> Value {
    // Not by `json!`, which copies by recursion.
    let pairs = [
        ("type", Value::from(kind)),
        ("content", Value::Array(content)),
    ];
    Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

#[test]
fn adf_becomes_the_plain_form() {
    let item = |t: &str| node("listItem", vec![node("paragraph", vec![text(t)])]);
    let link = json!([{"type": "link", "attrs": {"href": "https://x.y"}}]);
    let document = node(
        "doc",
        vec![
            json!({"type": "heading", "attrs": {"level": 3}, "content": [text("Head")]}),
            node(
                "paragraph",
                vec![
                    text("a"),
                    json!({"type": "hardBreak"}),
                    text("b "),
                    json!({"type": "text", "text": "li", "marks": link}),
                    json!({"type": "text", "text": "nk", "marks": [link[0], {"type": "strong"}]}),
                    json!({"type": "mention", "attrs": {"id": "1", "text": "@Ann"}}),
                    json!({"type": "emoji", "attrs": {"shortName": ":x:", "text": "😀"}}),
                    json!({"type": "date", "attrs": {"timestamp": "1763164800000"}}),
                    json!({"type": "status", "attrs": {"text": " DONE"}}),
                    json!({"type": "inlineCard", "attrs": {"url": " https://c.d"}}),
                ],
            ),
            node(
                "bulletList",
                vec![
                    node(
                        "listItem",
                        vec![
                            node("paragraph", vec![text("one")]),
                            json!({"type": "orderedList", "attrs": {"order": 3}, "content": [item("three"), item("four")]}),
                        ],
                    ),
                    item("two"),
                ],
            ),
            node(
                "taskList",
                vec![
                    json!({"type": "taskItem", "attrs": {"state": "DONE"}, "content": [text("t")]}),
                    node(
                        "taskList",
                        vec![
                            json!({"type": "taskItem", "attrs": {"state": "TODO"}, "content": [text("u")]}),
                        ],
                    ),
                ],
            ),
            node(
                "blockquote",
                vec![
                    node("paragraph", vec![text("q")]),
                    node("paragraph", vec![text("r")]),
                ],
            ),
            json!({"type": "codeBlock", "attrs": {"language": "js"}, "content": [text("x()\n")]}),
            node(
                "table",
                vec![
                    node(
                        "tableRow",
                        vec![
                            node("tableHeader", vec![node("paragraph", vec![text("H")])]),
                            node("tableHeader", vec![]),
                        ],
                    ),
                    node(
                        "tableRow",
                        vec![
                            node(
                                "tableCell",
                                vec![
                                    node("paragraph", vec![text("1")]),
                                    node("paragraph", vec![text("2")]),
                                ],
                            ),
                            node("tableCell", vec![node("paragraph", vec![text("3")])]),
                        ],
                    ),
                ],
            ),
            json!({"type": "expand", "attrs": {"title": "More"}, "content": [node("paragraph", vec![text("in")])]}),
            node(
                "mediaSingle",
                vec![
                    json!({"type": "media", "attrs": {"alt": "shot.png"}}),
                    node("caption", vec![text("cap")]),
                ],
            ),
            node("novelty2031", vec![node("paragraph", vec![text("new")])]),
        ],
    );
    assert_eq!(
        adf::to_text(&document),
        "### Head\n\na\nb link (https://x.y)@Ann😀2025-11-15 DONE https://c.d\n\n- one\n  3. three\n  4. four\n- two\n\n\
         - [x] t\n  - [ ] u\n\n> q\n> r\n\n```js\nx()\n```\n\n| H |  |\n| 1 2 | 3 |\n\nMore\n\nin\n\n[attachment shot.png]\n\ncap\n\nnew"
    );
    assert_eq!(adf::to_text(&Value::Null), "");
    assert_eq!(adf::to_text(&json!("h1. *x*")), "# x");
    assert_eq!(
        adf::to_text(&json!(document.to_string())),
        adf::to_text(&document)
    );
    assert_eq!(
        adf::to_text(&json!({"type": "paragraph", "content": {"type": 5, "text": "odd"}})),
        "odd"
    );
}

#[test]
fn adf_of_any_depth_is_read() {
    for kind in [
        "bulletList",
        "blockquote",
        "table",
        "panel",
        "expand",
        "anything",
    ] {
        let mut document = text("bottom");
        for _ in 0..10_000 {
            document = match kind {
                "table" => node(
                    "table",
                    vec![node(
                        "tableRow",
                        vec![node("tableCell", vec![text("w"), document])],
                    )],
                ),
                "bulletList" => node(
                    "bulletList",
                    vec![node("listItem", vec![text("w"), document])],
                ),
                kind => node(kind, vec![text("w"), document]),
            };
        }
        let plain = adf::to_text(&document);
        assert_eq!(plain.matches('w').count(), 10_000, "{kind}");
        assert!(plain.contains("bottom"));
        // Taking it apart by recursion is what overflows a stack.
        std::mem::forget(document);
    }
}

#[test]
fn markdown_and_html_become_the_plain_form() {
    let md = "# T\n\n1. **a**\n   - b\n2. [c](https://x.y)\n\n> q\n\n- [ ] t\n\n| h | i |\n|---|---|\n| 1 | 2 |\n\n```sh\nls\n```\n![s](a/shot.png) use <name> and <b>bold</b>\\_x";
    assert_eq!(
        markdown::to_text(md),
        "# T\n\n1. a\n  - b\n2. c (https://x.y)\n\n> q\n\n- [ ] t\n\n| h | i |\n| 1 | 2 |\n\n```sh\nls\n```\n\n[attachment s] use <name> and bold_x"
    );
    let page = "<h2>T</h2><p>a<br>b &amp; 5 &lt; 6 * 7 * 8 a_b_c</p><table><tr><th>h<th>i<tr><td>1<td>2</table><pre>x  y\n  z</pre>";
    assert_eq!(
        html::to_text(page),
        "## T\n\na\nb & 5 < 6 * 7 * 8 a_b_c\n\n| h | i |\n| 1 | 2 |\n\n```\nx  y\n  z\n```"
    );
}

#[test]
fn ticket_steps_are_found_by_preference() {
    use steps::{TicketStepsKind::*, ticket_steps};
    let of = |text: &str| {
        let found = ticket_steps(text).unwrap_or_else(|| panic!("nothing in {text:?}"));
        let steps = found
            .steps
            .into_iter()
            .map(|s| (s.action, s.expected.unwrap_or_default()));
        (found.kind, steps.collect::<Vec<_>>())
    };
    let pairs = |steps: &[(&str, &str)]| -> Vec<(String, String)> {
        steps
            .iter()
            .map(|(a, e)| (a.to_string(), e.to_string()))
            .collect()
    };
    let both = "Steps to reproduce:\n1. crash\n\n## Test steps\n\n- go\n- look\n\nExpected result:\nall well\n\nNotes:\n- none";
    assert_eq!(
        of(both),
        (TestSteps, pairs(&[("go", ""), ("look", "all well")]))
    );
    assert_eq!(
        of("AC: it is fast"),
        (AcceptanceCriteria, pairs(&[("it is fast", "")]))
    );
    assert_eq!(
        of(&wiki::to_text("*AC*:\n* a\n* b")),
        (AcceptanceCriteria, pairs(&[("a", ""), ("b", "")]))
    );
    assert_eq!(
        of("Given a user\nWhen he saves\nAnd waits\nThen it is kept\nAnd shown"),
        (
            AcceptanceCriteria,
            pairs(&[
                ("Given a user", ""),
                ("he saves", ""),
                ("waits", "it is kept\nshown")
            ])
        )
    );
    assert_eq!(
        of("Repro\n1) a\n  more\n2: b\nActual result: x\nExpected: y"),
        (Reproduction, pairs(&[("a more", ""), ("b", "y")]))
    );
    assert_eq!(
        of("words\n\n1. a\n2. b\n\nwords"),
        (Numbered, pairs(&[("a", ""), ("b", "")]))
    );
    for text in [
        "",
        "Then it rains.",
        "1. only one",
        "When in Rome",
        "```\n1. a\n2. b\n```",
    ] {
        assert_eq!(ticket_steps(text), None, "{text:?}");
    }
    let long = "To test:\n".to_owned() + &format!("- {}\n", "é".repeat(600)).repeat(40);
    let found = ticket_steps(&long).unwrap();
    assert_eq!(found.steps.len(), 30);
    assert_eq!(found.steps[0].action.chars().count(), 500);
}

/// A small generator, so that a failure comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// Words that no markup is made of.
fn words(random: &mut Random, marks: &[&str], count: usize) -> (String, Vec<String>) {
    let (mut text, mut all) = (String::new(), Vec::new());
    for i in 0..count {
        for _ in 0..random.below(4) {
            text.push_str(random.pick(marks));
        }
        let word = format!("w{i}😀ö");
        text.push_str(&word);
        all.push(word);
    }
    (text, all)
}

#[test]
fn no_words_are_lost_in_wiki_markup_html_and_markdown() {
    let wiki_marks = [
        " ",
        "\n",
        "\r\n",
        "*",
        "_",
        "-",
        "+",
        "{code}",
        "{code:js}",
        "{noformat}",
        "{quote}",
        "{panel:title=x}",
        "{",
        "}",
        "[",
        "]",
        "|",
        "||",
        "\n|",
        "\n# ",
        "\n** ",
        "\nh2. ",
        "\nbq. ",
        "!",
        "\\",
        "\\\\",
        "{{",
        "}}",
        "{color:red}",
        "{color}",
        "&nbsp;",
        "http://",
        "~",
        "^",
        "----",
        "{html}",
        "{*}",
        "\t",
    ];
    let html_marks = [
        " ",
        "<",
        ">",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "</i>",
        "<ul><li>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<br>",
        "<table>",
        "<td>",
        "</tr>",
        "&amp;",
        "&",
        "\n",
        "<!--",
        "-->",
        "<a href=\"x\">",
        "</a>",
        "*",
        "_",
        "`",
        "#",
        "[",
        "](",
    ];
    let mut random = Random(42);
    for round in 0..3_000 {
        let (text, all) = words(&mut random, &wiki_marks, 12);
        let plain = wiki::to_text(&text);
        let lost = all.iter().find(|w| !plain.contains(*w));
        assert_eq!(lost, None, "wiki {round}: {text:?} -> {plain:?}");
        assert!(
            !plain.contains("\n\n\n") && !plain.contains(" \n"),
            "{plain:?}"
        );
        steps::ticket_steps(&plain);
        prose::prose(&plain);

        let (text, all) = words(&mut random, &html_marks, 8);
        let plain = html::to_text(&text);
        let lost = all.iter().find(|w| !plain.contains(*w));
        assert_eq!(lost, None, "html {round}: {text:?} -> {plain:?}");
        markdown::to_text(&text);
    }
}

#[test]
fn no_words_are_lost_in_documents() {
    let kinds = [
        "doc",
        "paragraph",
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "taskItem",
        "table",
        "tableRow",
        "tableCell",
        "blockquote",
        "panel",
        "heading",
        "expand",
        "mediaSingle",
        "novelty",
        "decisionItem",
        "layoutColumn",
    ];
    let mut random = Random(7);
    for round in 0..2_000 {
        let mut nodes: Vec<Value> = Vec::new();
        let mut count = 0;
        for _ in 0..40 {
            let below = random.below(3).min(nodes.len());
            let mut content = nodes.split_off(nodes.len() - below);
            content.push(text(&format!("w{count}😀 ")));
            count += 1;
            nodes.push(node(random.pick(&kinds), content));
        }
        let plain = adf::to_text(&node("doc", nodes));
        for i in 0..count {
            assert!(
                plain.contains(&format!("w{i}😀")),
                "{round}: w{i} in {plain}"
            );
        }
    }
}

#[test]
fn a_megabyte_of_anything_is_quick() {
    let pieces = [
        "{code}",
        "{code:x}",
        "{quote}",
        "*",
        "* ",
        "*a ",
        "*a*",
        "_",
        "{{",
        "}}",
        "[",
        "[a|",
        "]",
        "!",
        "!a.b",
        "\\",
        "\\\\",
        "|",
        "||\n",
        "# a\n",
        "#* a\n",
        "{",
        "{color:red}",
        "{html}",
        "{html}<div>",
        "http://",
        "&",
        "-a ",
        "\n",
        "a\n\n",
        "h1. ",
        "bq. a\n",
        "```\n",
        "` ",
        "1. ",
        "**********",
        "> ",
        "- ",
        "When ",
        "Then\n",
        "Steps:\n1. a\n",
        "1. a\n\nb\n",
        "at (",
        "[attachment",
        "<b>",
        "~~",
        "![",
        "](",
    ];
    for piece in pieces {
        let text = piece.repeat(1_000_000 / piece.len());
        let start = Instant::now();
        let plain = wiki::to_text(&text);
        steps::ticket_steps(&plain);
        steps::ticket_steps(&text);
        prose::prose(&text);
        let wiki_time = start.elapsed();
        let start = Instant::now();
        markdown_steps::steps(&text, &text, "");
        let markdown_time = start.elapsed();
        println!("{piece:?} {wiki_time:?} {markdown_time:?}");
        let limit = Duration::from_secs(4);
        assert!(
            wiki_time < limit && markdown_time < limit,
            "{piece:?}: {wiki_time:?} {markdown_time:?}"
        );
    }
}
