//! Titles in our own words, and what becomes of each. Nothing: its words are kept.

use super::*;

fn check(rows: &[(&str, Option<&str>)]) {
    for (title, expected) in rows {
        assert_eq!(turned_around(title).as_deref(), *expected, "{title}");
    }
}

#[test]
fn what_is_denied_in_the_main_clause_is_affirmed() {
    check(&[
        (
            "Error message is not shown when the name is empty",
            Some("Error message is shown when the name is empty"),
        ),
        (
            "No error message is shown when the name is empty",
            Some("Error message is shown when the name is empty"),
        ),
        ("Not all rows are exported", Some("All rows are exported")),
        ("Crash report is not sent", Some("Crash report is sent")),
        ("Errors are not logged", Some("Errors are logged")),
        ("Rows can't be removed", Some("Rows can be removed")),
        ("Window fails to close", Some("Window closes")),
        ("Hint does not disappear", Some("Hint disappears")),
        ("Event does not properly fire", Some("Event properly fires")),
        ("Search never finishes", Some("Search finishes")),
        (
            "Filter is no longer applied after a reload",
            Some("Filter is applied after a reload"),
        ),
        ("Rows no longer load", Some("Rows load")),
        (
            "App can no longer connect to the printer",
            Some("App can connect to the printer"),
        ),
        (
            "Discount isn't applied anymore at all",
            Some("Discount is applied"),
        ),
        (
            "The app doesn't seem to remember the last tab",
            Some("The app remembers the last tab"),
        ),
        ("Upload sometimes does not finish", Some("Upload finishes")),
        ("Search does not find any rows", Some("Search finds rows")),
        (
            "Photo of an order not displayed offline",
            Some("Photo of an order is displayed offline"),
        ),
        ("Photos not working", Some("Photos work")),
        (
            "Copying is not possible in the grid",
            Some("Copying is possible in the grid"),
        ),
        (
            "The user is not able to log in",
            Some("The user can log in"),
        ),
        ("Unable to print a label", Some("Print a label")),
        ("Page shows no title", Some("Page shows title")),
        (
            "Setting a color has no effect",
            Some("Setting a color has an effect"),
        ),
        (
            "Total is not saved, it is lost after a reload",
            Some("Total is saved"),
        ),
        (
            "Total is not saved because the field is read-only",
            Some("Total is saved"),
        ),
        (
            "Import fails to open with an internal error",
            Some("Import opens"),
        ),
        (
            "Wrong file type is not rejected",
            Some("Wrong file type is rejected"),
        ),
        (
            "Null is not ignored in a sum",
            Some("Null is ignored in a sum"),
        ),
        (
            "Message \"Cannot connect\" is not shown when offline",
            Some("Message \"Cannot connect\" is shown when offline"),
        ),
        (
            "If the list is empty, the hint is not shown",
            Some("If the list is empty, the hint is shown"),
        ),
    ]);
}

#[test]
fn what_is_a_fault_by_its_words_is_denied() {
    check(&[
        (
            "Rows crash if scrolled",
            Some("Rows do not crash if scrolled"),
        ),
        (
            "App hung after login",
            Some("App does not hang after login"),
        ),
        ("App crashes and loses data", Some("App does not crash")),
        (
            "Login fails for users without a photo",
            Some("Login succeeds for users without a photo"),
        ),
        (
            "Import fails with a NullPointerException",
            Some("Import does not fail with a NullPointerException"),
        ),
        (
            "Property is ignored on Android",
            Some("Property is not ignored on Android"),
        ),
        (
            "Property ignored on Android",
            Some("Property is not ignored on Android"),
        ),
        (
            "Colors wrong in header when not set",
            Some("Colors are correct in header when not set"),
        ),
        (
            "Paging is broken on tablets",
            Some("Paging works on tablets"),
        ),
        (
            "Total is shown incorrectly",
            Some("Total is shown correctly"),
        ),
        (
            "Deleted rows are still shown",
            Some("Deleted rows are not shown"),
        ),
        (
            "Menu is shown even though the user has no rights",
            Some("Menu is not shown when the user has no rights"),
        ),
        (
            "Event fires twice when tapped",
            Some("Event does not fire twice when tapped"),
        ),
        (
            "Icon becomes blurry after a zoom",
            Some("Icon does not become blurry after a zoom"),
        ),
        (
            "Null pointer exception on save",
            Some("No null pointer exception on save"),
        ),
        (
            "Intermittent crash when adding rows",
            Some("No crash when adding rows"),
        ),
        ("HTTP 500 error on save", Some("No HTTP 500 error on save")),
    ]);
}

#[test]
fn words_of_data_keep_their_meaning() {
    check(&[
        (
            "Invoices can be sent with incorrect tax numbers",
            Some("Invoices cannot be sent with incorrect tax numbers"),
        ),
        (
            "Incorrect password is accepted",
            Some("Incorrect password is not accepted"),
        ),
        (
            "Invalid coupon can be used twice",
            Some("Invalid coupon cannot be used twice"),
        ),
        (
            "Users with an expired card can pay",
            Some("Users with an expired card cannot pay"),
        ),
        (
            "Email address can be changed without confirmation",
            Some("Email address cannot be changed without confirmation"),
        ),
        (
            "Editor shows a wrong line number",
            Some("Editor does not show a wrong line number"),
        ),
        ("Incorrect names are rejected with a long text", None),
        ("Wrong file type", None),
        ("Broken link on the start page", None),
        ("Error message for old tools is confusing", None),
        ("Error page has no header", Some("Error page has header")),
        ("Crash report contains the user's password", None),
        ("Error handling in the parser", None),
        ("Error in the log is misleading", None),
        ("Remove incorrect sentence from the help", None),
    ]);
}

#[test]
fn what_must_be_stays_as_it_is() {
    for title in [
        "The total should not change when the currency is changed",
        "Prices must not be visible to guests",
        "A login page should have a dark theme",
    ] {
        assert_eq!(turned_around(title).as_deref(), Some(title));
        assert_eq!(name(title, true, None), title);
    }
}

#[test]
fn what_cannot_be_turned_with_certainty_keeps_its_words() {
    for title in [
        "",
        "not",
        "Causes a crash in the list",
        "Row is not updated unless the page is reloaded",
        "Timer does not stop until the app is closed",
        "App crashes unless the cache is empty",
        "Export doesn't only contain visible rows",
        "Label is not only cut but also moved",
        "Photo is neither rotated nor scaled",
        "Not only admins see the menu",
        "Search does not find anything",
        "List does not show name or address",
        "Rows do not wrap and overlap",
        "Dialog does not close and the app freezes",
        "The button does not fail to save",
        "The app never doesn't crash",
        "Total is incorrectly shown as negative",
        "Server incorrectly reports success",
        "Validation fails silently",
        "Items that are not visible can be selected",
        "Label is cut when it does not fit",
        "Message \"Cannot connect\" is shown when offline",
        "Null is shown instead of the name",
        "Why is the total wrong?",
        "Is the total not updated?",
        "Allow guests to comment",
        "Prevent double submit",
        "Do not show the banner to members",
        "Don't send mail to unsubscribed users",
        "Nothing happens when Save is clicked",
        "None of the filters work",
        "Export works on Android, but it does not on iOS",
        "La página no se muestra cuando el nombre está vacío",
    ] {
        assert_eq!(turned_around(title), None, "{title}");
    }
    assert_eq!(
        name("Broken link on the start page", true, Some("Help")),
        "Regression: Help: Broken link on the start page"
    );
}

#[test]
fn only_defects_are_turned_around() {
    for story in [
        "Guests cannot delete posts",
        "A guest can pay without an account",
    ] {
        assert_eq!(name(story, false, None), story);
    }
}

#[test]
fn a_prefix_that_is_more_than_a_name_stays() {
    for (title, expected) in [
        ("iOS: Map: pins don't show", "Pins show"),
        (
            "Unable to save: disk error",
            "Regression: Unable to save: disk error",
        ),
        (
            "Checker : Fails with a wrong text",
            "Regression: Checker : Fails with a wrong text",
        ),
        (
            "Setting width:auto causes a crash",
            "Setting width:auto does not cause a crash",
        ),
        (
            "Works on the phone in all views. Tablet: does not open",
            "Regression: Works on the phone in all views. Tablet: does not open",
        ),
    ] {
        assert_eq!(name(title, true, None), expected, "{title}");
    }
}

#[test]
fn names_are_short_and_without_asides() {
    let long = format!("The list is shown, {}", "and so on ".repeat(20));
    let cut = name(&long, false, None);
    assert!(cut.chars().count() <= LONGEST + 1, "{cut}");
    // A condition says nothing without the rest.
    let condition = format!(
        "If the list is long and the window small, {}",
        "a row ".repeat(20)
    );
    assert!(name(&condition, true, None).ends_with("row…"));
    assert_eq!(
        name(
            "[Android] setTitle() has no effect (regression in 2.1)",
            false,
            None
        ),
        "setTitle() has no effect"
    );
    assert_eq!(name("", true, None), "Regression: ");
}
