//! Names: from NAVER's spelling to Rust's.

/// Words that are Rust's own.
const KEYWORDS: [&str; 8] = ["type", "default", "use", "match", "move", "ref", "in", "loop"];

/// `memberServerImageNo` as the name of a field or function: `member_server_image_no`.
pub(crate) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        // `DBInstance` is two words, `isHA` too.
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if begins {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The same where a word of Rust's own cannot stand.
pub(crate) fn field(name: &str) -> String {
    let field = snake(name);
    if KEYWORDS.contains(&field.as_str()) {
        format!("r#{field}")
    } else {
        field
    }
}

/// `createVpc` as the name of a type: `CreateVpc`.
pub(crate) fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}

/// `STAND_ALONE` as the name of a variant: `StandAlone`.
pub(crate) fn variant(code: &str) -> String {
    if code
        .chars()
        .all(|character| !character.is_ascii_uppercase() && character.is_ascii_alphanumeric())
        || code.chars().any(|character| character.is_ascii_lowercase())
    {
        return pascal(&code.replace(['-', '.', ' '], ""));
    }
    let mut variant = String::new();
    for part in code.split('_') {
        // Digits on both sides would run together: `X86_64`.
        let digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        if digit(variant.chars().last()) && digit(part.chars().next()) {
            variant.push('_');
        }
        variant.push_str(&pascal(&part.to_ascii_lowercase()));
    }
    match variant.as_str() {
        "Self" => "SelfMade".to_owned(),
        _ => variant,
    }
}

/// `CREATE_VPC`, for a static.
pub(crate) fn constant(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_rust() {
        assert_eq!(snake("memberServerImageNo"), "member_server_image_no");
        assert_eq!(snake("getCloudDBInstanceList"), "get_cloud_db_instance_list");
        assert_eq!(snake("ipv4CidrBlock"), "ipv4_cidr_block");
        assert_eq!(field("type"), "r#type");
        assert_eq!(pascal("createVpc"), "CreateVpc");
        assert_eq!(variant("STAND_ALONE"), "StandAlone");
        assert_eq!(variant("X86_64"), "X86_64");
        assert_eq!(variant("SELF"), "SelfMade");
        assert_eq!(variant("NULL"), "Null");
        assert_eq!(variant("memberServerImageName"), "MemberServerImageName");
        assert_eq!(constant("createVpc"), "CREATE_VPC");
    }
}
