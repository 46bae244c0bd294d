//! What an office calls a recording, and what the library calls it. Owns the rule by which a dropped schedule's names
//! are spelled out before it goes live, so that its text says by itself what it plays; never changes anything else in it.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Value};

use crate::core::cart::{CartName, Library};
use crate::core::drops::Sender;

/// A schedule's text with its recordings spelled out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelled {
    /// The text.
    pub text: String,
    /// The names in it that were taken as the station's common recordings, since the office has none of that name.
    pub common: BTreeSet<CartName>,
}

/// The text with every recording named as the library has it: an office means its own recordings; one that it never
/// sent and that stands in the common folder (a signature tune) is the common one. A text that is no TOML, and one of
/// the inbox itself, stays as it is.
pub fn spell_out(text: &str, sender: &Sender, library: &Library) -> Spelled {
    let mut spelled = Spelled { text: text.to_owned(), common: BTreeSet::new() };
    if sender.folder().is_none() {
        return spelled;
    }
    let Ok(mut document) = text.parse::<DocumentMut>() else { return spelled };
    let mut changed = false;
    let mut rename = |value: &mut Value| match value.as_str().map(|name| meant(name, sender, library)) {
        Some(Meant::Own(name)) => {
            let decor = value.decor().clone();
            *value = Value::from(name.as_str());
            *value.decor_mut() = decor;
            changed = true;
        }
        Some(Meant::Common(name)) => {
            spelled.common.insert(name);
        }
        Some(Meant::AsWritten) | None => {}
    };
    for (tables, key) in [("cart", "file"), ("slot", "play"), ("change", "play")] {
        match document.get_mut(tables) {
            Some(Item::ArrayOfTables(tables)) => {
                for table in tables.iter_mut() {
                    each(table.get_mut(key).and_then(Item::as_value_mut), &mut rename);
                }
            }
            // The same written in one line: `slot = [{ id = "sang", … }]`.
            Some(Item::Value(Value::Array(tables))) => {
                for table in tables.iter_mut().filter_map(Value::as_inline_table_mut) {
                    each(table.get_mut(key), &mut rename);
                }
            }
            _ => {}
        }
    }
    if changed {
        spelled.text = document.to_string();
    }
    spelled
}

/// One name, or each of several.
fn each(names: Option<&mut Value>, rename: &mut impl FnMut(&mut Value)) {
    match names {
        Some(Value::Array(list)) => list.iter_mut().for_each(rename),
        Some(value) => rename(value),
        None => {}
    }
}

/// What an office means by a name.
enum Meant {
    /// Its own recording, called so in the library.
    Own(CartName),
    /// The station's common one.
    Common(CartName),
    /// What is written: it is spelled out already, or no name of a recording at all.
    AsWritten,
}

fn meant(written: &str, sender: &Sender, library: &Library) -> Meant {
    let folder = sender.folder().and_then(|folder| CartName::new(folder).ok());
    let (Some(folder), Ok(common), Ok(own)) = (folder, CartName::new(written), sender.cart(written)) else {
        return Meant::AsWritten;
    };
    if common.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')) {
        return Meant::AsWritten;
    }
    match library.get(&own).is_none() && library.get(&common).is_some() {
        true => Meant::Common(common),
        false => Meant::Own(own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::cart::Cart;

    const TEXT: &str = "id = \"a\" # ghi chú\n\n[[cart]]\nfile = \"REC001.wav\" # của ta\nkind = \"bai\"\n\n[[slot]]\nid = \"sang\"\n\
                        play = [ \"nhac-hieu.wav\",\n  'REC001.wav', \"Phòng VH/REC002.wav\" ] # xong\n\n[[change]]\nplay = [\"moi.mp3\"]\n";

    #[test]
    fn an_office_means_its_own_recordings_and_the_common_ones_it_never_sent() {
        let mut library = Library::default();
        for name in ["nhac-hieu.wav", "REC001.wav", "Phòng VH/REC001.wav"] {
            library.put(CartName::new(name).unwrap(), Cart::Unmeasured);
        }
        let spelled = spell_out(TEXT, &Sender::office("Phòng VH"), &library);
        let expected = TEXT
            .replace("file = \"REC001.wav\"", "file = \"Phòng VH/REC001.wav\"")
            .replace("'REC001.wav'", "\"Phòng VH/REC001.wav\"")
            .replace("moi.mp3", "Phòng VH/moi.mp3");
        assert_eq!(spelled.text, expected);
        assert_eq!(spelled.common, [CartName::new("nhac-hieu.wav").unwrap()].into());
        let of_the_inbox = spell_out(TEXT, &Sender::default(), &library);
        assert_eq!((of_the_inbox.text.as_str(), of_the_inbox.common.len()), (TEXT, 0));
        assert_eq!(spell_out(&spelled.text, &Sender::office("Phòng VH"), &library), spelled);
        assert_eq!(spell_out("id = ", &Sender::office("x"), &library).text, "id = ");
        let in_line = "slot = [{ id = \"a\", play = [\"b.mp3\"] }, { id = \"c\", play = \"d.mp3\" }]\n";
        let spelled = in_line.replace("b.mp3", "Phòng VH/b.mp3").replace("d.mp3", "Phòng VH/d.mp3");
        assert_eq!(spell_out(in_line, &Sender::office("Phòng VH"), &library).text, spelled);
    }
}
