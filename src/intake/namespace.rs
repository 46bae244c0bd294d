//! What an office calls a recording, and what the library calls it. Owns the rule by which a dropped schedule's names
//! are spelled out before it goes live, so that its text says by itself what it plays; never changes anything else in it.

use toml_edit::{DocumentMut, Item, Value};

use crate::core::cart::{CartName, Library};
use crate::core::drops::Sender;

/// The text with every recording named as the library has it: an office means its own recordings; one that it never
/// sent and that stands in the common folder (a signature tune) is the common one. A text that is no TOML, and one of
/// the inbox itself, stays as it is.
pub fn spell_out(text: &str, sender: &Sender, library: &Library) -> String {
    if sender.folder().is_none() {
        return text.to_owned();
    }
    let Ok(mut document) = text.parse::<DocumentMut>() else { return text.to_owned() };
    let mut changed = false;
    let mut rename = |value: &mut Value| {
        let Some(spelled) = value.as_str().and_then(|name| name_of(name, sender, library)) else { return };
        let decor = value.decor().clone();
        *value = Value::from(spelled.as_str());
        *value.decor_mut() = decor;
        changed = true;
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
    if changed { document.to_string() } else { text.to_owned() }
}

/// One name, or each of several.
fn each(names: Option<&mut Value>, rename: &mut impl FnMut(&mut Value)) {
    match names {
        Some(Value::Array(list)) => list.iter_mut().for_each(rename),
        Some(value) => rename(value),
        None => {}
    }
}

/// The name in the library, where it is another than is written.
fn name_of(written: &str, sender: &Sender, library: &Library) -> Option<CartName> {
    let common = CartName::new(written).ok()?;
    let own = sender.cart(written).ok()?;
    let folder = CartName::new(sender.folder()?).ok()?;
    let spelled_out = common.as_str().strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
    if spelled_out || (library.get(&own).is_none() && library.get(&common).is_some()) {
        return None;
    }
    Some(own)
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
        assert_eq!(spelled, expected);
        assert_eq!(spell_out(TEXT, &Sender::default(), &library), TEXT);
        assert_eq!(spell_out(&spelled, &Sender::office("Phòng VH"), &library), spelled);
        assert_eq!(spell_out("id = ", &Sender::office("x"), &library), "id = ");
        let in_line = "slot = [{ id = \"a\", play = [\"b.mp3\"] }, { id = \"c\", play = \"d.mp3\" }]\n";
        let spelled = in_line.replace("b.mp3", "Phòng VH/b.mp3").replace("d.mp3", "Phòng VH/d.mp3");
        assert_eq!(spell_out(in_line, &Sender::office("Phòng VH"), &library), spelled);
    }
}
