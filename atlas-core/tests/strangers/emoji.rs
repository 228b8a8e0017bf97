//! Emoji are found: alone, beside words, whatever their skin tone and form.

use atlas_core::domain::{Band, Draft, MemoryEntry, MemoryFilter, Ticket, TicketKey, silent};
use atlas_core::{Atlas, SimilarOptions};

const TICKETS: [(&str, &str); 9] = [
    ("EM-1", "Reaction 👍 is counted twice"),
    ("EM-2", "The ❤\u{fe0f} button does not answer"),
    ("EM-3", "Avatar 👩🏽\u{200d}💻 is cut off"),
    ("EM-4", "Flag 🇩🇪 is shown for Austria"),
    ("EM-5", "Family 👨\u{200d}👩\u{200d}👧 is shown as three"),
    ("EM-6", "⚠\u{fe0f} is missing in the print"),
    ("EM-7", "絵文字🔥が文字化けする"),
    ("EM-8", "Login fails with an expired password"),
    ("EM-9", "The invoice is printed empty"),
];

fn filled() -> Atlas {
    let atlas = Atlas::builder()
        .starter_catalogue(false)
        .cache(false)
        .open_in_memory()
        .unwrap();
    let tickets = TICKETS.map(|(key, text)| Ticket::new(TicketKey::parse(key).unwrap(), text));
    atlas.tickets().add(&tickets).unwrap();
    atlas.database().encode(&mut silent).unwrap();
    atlas
}

#[test]
fn a_ticket_is_found_by_its_emoji_in_any_form() {
    let atlas = filled();
    for (asked, expected) in [
        ("👍", "EM-1"),
        ("👍🏿", "EM-1"),
        ("❤", "EM-2"),
        ("❤\u{fe0f}", "EM-2"),
        ("👩\u{200d}💻", "EM-3"),
        ("👩🏻\u{200d}💻", "EM-3"),
        ("💻", "EM-3"),
        ("🇩🇪", "EM-4"),
        ("👨\u{200d}👩\u{200d}👧", "EM-5"),
        ("👧", "EM-5"),
        ("⚠", "EM-6"),
        ("🔥", "EM-7"),
        ("Counted 👍 reactions", "EM-1"),
    ] {
        let draft = Draft::new(asked);
        let found = atlas.similar(&draft, &SimilarOptions::default()).unwrap();
        let first = found.first().unwrap_or_else(|| panic!("{asked}: none"));
        assert_eq!(first.ticket_key.as_str(), expected, "{asked}: {found:#?}");
        let is_alone = !asked.contains(char::is_alphabetic);
        assert!(
            !is_alone || first.band != Band::Strong,
            "{asked}: {found:#?}"
        );
    }
    for asked in ["🇦🇹", "👎", "🎉🎉"] {
        let draft = Draft::new(asked);
        let found = atlas.similar(&draft, &SimilarOptions::default());
        assert_eq!(found.unwrap(), [], "{asked}");
    }
}

#[test]
fn memory_is_found_by_an_emoji() {
    let atlas = filled();
    for (key, value) in [("a", "Deploy failed 🔥"), ("b", "Deploy went well ✅")] {
        let entry = MemoryEntry::text("context", key, value);
        atlas.memory().put(&entry).unwrap();
    }
    for (asked, expected) in [("🔥", "a"), ("✅", "b")] {
        let hits = atlas
            .memory()
            .search(asked, &MemoryFilter::default(), 1)
            .unwrap();
        assert_eq!(hits[0].entry.key, expected, "{asked}");
    }
}
