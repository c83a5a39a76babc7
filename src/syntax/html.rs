//! Extracts text from HTML: removes tags and decodes entities.

use crate::text::offsets::Mapped;
use crate::text::source::Span;

/// The entities that occur in code in HTML.
const ENTITIES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#x27;", "'"),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&nbsp;", " "),
    ("&#10;", "\n"),
    ("&#xA;", "\n"),
    ("&amp;", "&"),
];

/// Returns the text at `span`, without tags and with its entities decoded.
pub(crate) fn text(html: &str, span: Span) -> Mapped {
    let mut mapped = Mapped::default();
    let mut at = span.start();
    let mut kept = at;
    while let Some(rest) = html.get(at..span.end()).filter(|rest| !rest.is_empty()) {
        let Some(found) = rest.find(['<', '&']) else { break };
        at += found;
        let rest = html.get(at..span.end()).unwrap_or("");
        let tag = end_of_tag(rest);
        let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        match (tag, entity) {
            (Some(length), _) => {
                mapped.keep(html, Span::new(kept, at));
                at += length;
                kept = at;
            }
            (None, Some((entity, stands_for))) => {
                mapped.keep(html, Span::new(kept, at));
                mapped.replace(stands_for, Span::new(at, at + entity.len()));
                at += entity.len();
                kept = at;
            }
            (None, None) => at += 1,
        }
    }
    mapped.keep(html, Span::new(kept, span.end()));
    mapped
}

/// Returns the length in bytes of the tag at the start of the text, if there is one.
fn end_of_tag(text: &str) -> Option<usize> {
    let name = text.strip_prefix('<')?;
    let name = name.strip_prefix('/').unwrap_or(name);
    // `<< EOF` and `<token>` are not HTML, but `<token>` looks like a tag: it is dropped, and
    // nothing that matters is lost with it.
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let rest = text.get(1..)?;
    let end = rest.find(['>', '<', '\n'])?;
    rest.get(end..)?.starts_with('>').then_some(end + 2)
}

/// Returns the contents of all `<pre>` elements, in order.
pub(crate) fn preformatted(html: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = find_from(html, at, "<pre") {
        let rest = html.get(open..).unwrap_or("");
        let Some(start) = rest.find('>').map(|end| open + end + 1) else { break };
        // `<preview>` is a different tag.
        let is_pre = rest.get(4..).is_some_and(|rest| rest.starts_with(['>', ' ', '\n', '\t']));
        if is_pre {
            let end = find_from(html, start, "</pre").unwrap_or(html.len());
            found.push(Span::new(start, end));
            at = end;
        } else {
            at = start;
        }
    }
    found
}

fn find_from(text: &str, from: usize, word: &str) -> Option<usize> {
    text.get(from..)?.find(word).map(|found| from + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_text_drops_tags_and_decodes_entities() {
        let html = "<pre class=\"x\">a: <a href='y'>b</a> &quot;c&quot; 1 < 2 &x;</pre><preview>";
        let [pre] = preformatted(html)[..] else { panic!() };
        let mapped = text(html, pre);
        assert_eq!(mapped.text, "a: b \"c\" 1 < 2 &x;");
        let at = mapped.text.find("\"c\"").unwrap();
        assert_eq!(&html[mapped.map.outer(Span::new(at, at + 3)).range()], "&quot;c&quot;");
        let at = mapped.text.find('b').unwrap();
        assert_eq!(&html[mapped.map.outer(Span::new(at, at + 1)).range()], "b");
    }

    proptest::proptest! {
        #[test]
        fn html_text_accepts_any_text(html in "[<>/&;a-eqtlpr\n é]{0,50}") {
            let whole = Span::new(0, html.len());
            let mapped = text(&html, whole);
            proptest::prop_assert_eq!(mapped.map.len(), mapped.text.len());
            preformatted(&html);
        }
    }
}
