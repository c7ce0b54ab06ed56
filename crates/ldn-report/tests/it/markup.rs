//! Strict looks at markup.

use roxmltree::{Document, Node};

/// Parses a page as XML: every tag closed, every attribute quoted, every `&` and `<` of a text escaped.
pub(crate) fn strict(html: &str) -> String {
    html.strip_prefix("<!DOCTYPE html>").expect("a page begins with its doctype").trim_start().to_owned()
}

pub(crate) fn parse(markup: &str) -> Document<'_> {
    Document::parse(markup).unwrap_or_else(|error| panic!("not well-formed: {error}\n{markup}"))
}

pub(crate) fn named<'a>(document: &'a Document<'_>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.tag_name().name() == name)
}

/// All words that a person would see or hear, in one line.
pub(crate) fn words(document: &Document<'_>) -> String {
    let is_style = |node: &Node<'_, '_>| node.ancestors().any(|a| a.tag_name().name() == "style");
    let texts = document.descendants().filter(|node| node.is_text() && !is_style(node));
    let joined: Vec<&str> = texts.filter_map(|node| node.text()).collect();
    joined.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Number of answers drawn.
pub(crate) fn dots<'a>(node: Node<'a, 'a>) -> usize {
    node.descendants().filter(|n| n.attribute("class") == Some("dot")).count()
}

pub(crate) fn number(node: Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).unwrap().parse().unwrap()
}
