//! `fake-jira FILE`: serves a file of issues until it is stopped. Prints its address first.

use std::process::ExitCode;
use std::time::Duration;

use fake_jira::{Fault, Jira, Served, read};

const USAGE: &str = "fake-jira FILE [--data-center] [--port N] [--delay MILLISECONDS] [--page N] [--fault NAME[=TIMES]]…";

fn main() -> ExitCode {
    match serve(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn serve(args: &[String]) -> Result<(), String> {
    let (file, options) = args.split_first().ok_or("which file?")?;
    let issues = read(file.as_ref()).map_err(|error| format!("{file}: {error}"))?;
    let mut jira = Jira::new(issues);
    let mut port = 0;
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let mut value = || options.next().ok_or(format!("{option} needs a value"));
        let number = |text: &String| {
            text.parse::<u16>()
                .map_err(|_| format!("{text} is no number"))
        };
        match option.as_str() {
            "--data-center" => jira.cloud = false,
            "--port" => port = number(value()?)?,
            "--delay" => jira.delay = Duration::from_millis(number(value()?)?.into()),
            "--page" => jira.most = number(value()?)?.into(),
            "--fault" => {
                let (name, times) = match value()?.split_once('=') {
                    Some((name, times)) => (name.to_owned(), times.parse().unwrap_or(1)),
                    None => return Err("--fault NAME=TIMES".to_owned()),
                };
                let found = Fault::ALL.iter().find(|(known, _)| *known == name);
                let (_, fault) = found.ok_or(format!("there is no fault {name}"))?;
                jira.fault_times(*fault, times);
            }
            other => return Err(format!("{other}?")),
        }
    }
    let served = Served::start(jira, port).map_err(|error| error.to_string())?;
    println!("{}", served.url());
    loop {
        std::thread::park();
    }
}
