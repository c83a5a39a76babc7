// What must hold for any bytes. The property tests and the fuzz target both include this file.

use goyaml::{EventKind, Parser, Segment, is_merge, resolve, segments};

/// Reads the bytes as YAML and checks what comes out.
pub(crate) fn holds(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = std::str::from_utf8(bytes).unwrap_or(&text);
    let mut open = Vec::new();
    let (mut count, mut last) = (0, 0);
    for event in Parser::new(text) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                assert!(error.offset <= text.len() && !error.message.is_empty(), "{error:?}");
                return from_bytes(bytes);
            }
        };
        count += 1;
        let span = event.span;
        assert!(text.get(span.range()).is_some(), "{event:?} is not in the text");
        // An absent value, or the end of a collection, may be on either side of a line break.
        if !span.is_empty() {
            assert!(last <= span.start(), "{event:?} begins before {last}");
            last = span.end();
        }
        for part in [event.anchor.map(|(_, span)| span), event.tag.as_ref().map(|tag| tag.span)] {
            let Some(part) = part else { continue };
            assert!(text.get(part.range()).is_some_and(|text| !text.is_empty()), "{event:?}");
            assert!(part.end() <= span.start(), "{event:?} begins before its {part:?}");
        }
        match &event.kind {
            EventKind::DocumentStart { .. } => open.push("document"),
            EventKind::SequenceStart { .. } => open.push("sequence"),
            EventKind::MappingStart { .. } => open.push("mapping"),
            EventKind::DocumentEnd { .. } => assert_eq!(open.pop(), Some("document")),
            EventKind::SequenceEnd => assert_eq!(open.pop(), Some("sequence")),
            EventKind::MappingEnd => assert_eq!(open.pop(), Some("mapping")),
            EventKind::Alias(name) => {
                assert_eq!(text.get(span.start() + 1..span.end()), Some(*name))
            }
            EventKind::Scalar { value, plain_implicit, style, block, .. } => {
                let indent = block.map_or(0, |block| block.indent);
                covers(text, value, &segments(text, span, *style, indent));
                let tag = event.tag.as_ref().map_or("", |tag| &tag.text);
                let _ =
                    (resolve(tag, value, *plain_implicit), is_merge(tag, value, *plain_implicit));
            }
        }
    }
    assert!(open.is_empty(), "{open:?} is left open");
    // Each token makes few events, and takes a byte or ends what one opened.
    assert!(count <= 6 * text.len() + 8, "{count} events");
    from_bytes(bytes);
}

/// Reads the bytes to the first error, without a check of the events.
fn from_bytes(bytes: &[u8]) {
    let mut parser = Parser::from_bytes(bytes);
    if let Some(error) = parser.find_map(Result::err) {
        assert!(error.offset <= bytes.len(), "{error:?}");
    }
    assert_eq!(parser.next(), None);
}

/// Checks that the pieces cover the value in order, and that what is verbatim is in the text.
fn covers(text: &str, value: &str, segments: &[Segment]) {
    let mut done = 0;
    for segment in segments {
        let (inner, outer) = (value.get(segment.inner.range()), text.get(segment.outer.range()));
        assert_eq!(segment.inner.start(), done, "{segment:?} leaves a gap");
        assert!(inner.is_some_and(|part| !part.is_empty()), "{segment:?}");
        assert!(outer.is_some_and(|part| !part.is_empty()), "{segment:?}");
        assert!(!segment.is_verbatim || inner == outer, "{segment:?}");
        done = segment.inner.end();
    }
    assert_eq!(done, value.len(), "the pieces end early");
}
