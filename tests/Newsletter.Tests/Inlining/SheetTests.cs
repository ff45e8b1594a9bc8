using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Which style sheets a document has, and what stands in odd places.</summary>
public sealed class SheetTests
{
    [TestCase("<style title=a>p{color:red}</style><style title=b>p{margin:1px}</style><style title=a>p{padding:2px}</style><style>p{top:3px}</style>", "color:red;padding:2px;top:3px", TestName = "Of sheets with titles those of the first title count")]
    [TestCase("<meta http-equiv=default-style content=b><style title=a>p{color:red}</style><style title=b>p{margin:1px}</style>", "margin:1px", TestName = "A meta element may ask for another title")]
    [TestCase("<style title=a>p{color:red}</style><link rel=stylesheet title=b href=b.css>", "color:red", TestName = "A linked sheet of another title does not count")]
    [TestCase("<style title=a>p{color:red}</style><link rel='alternate stylesheet' title=a href=a.css>", "color:red;left:9px", TestName = "An alternate sheet of that title counts")]
    [TestCase("<style>p{color:red}</style><svg><style>p{margin:1px}</style></svg>", "color:red;margin:1px", TestName = "A style element in SVG is one of the document")]
    [TestCase("<style>p{color:red}</style><svg><style><![CDATA[p{margin:1px}]]></style><style/></svg>", "color:red;margin:1px", TestName = "In SVG it may be CDATA, or empty")]
    public void Sheets_are_found(string sources, string expected)
    {
        var made = Inliner.Inline($"<!DOCTYPE html><html><head></head><body>{sources}<p>x</p></body></html>", new InlinerOptions { StyleSheet = _ => "p{left:9px}" });

        Assert.That(made, Does.Contain($"<p style=\"{expected}\">x</p>").And.Not.Contain("<style"));
    }

    [Test]
    public void A_media_attribute_that_is_broken_breaks_no_other_sheet()
    {
        var made = Inliner.Inline("<head><style media='print('>p{top:0}</style><style media='print{'>p{left:0}</style><style media=print>p{color:red}</style></head><p>x");

        Assert.That(made, Does.Contain("@media print(){\np{top:0}\n}\n@media not all{\np{left:0}\n}\n@media print{\np{color:red}\n}\n"));
    }

    [Test]
    public void The_style_of_a_second_body_tag_is_not_lost()
    {
        var made = Inliner.Inline("<html><head><style>body{color:red;margin:0}</style></head><body><p>x</p><body style='margin:3px'>");

        Assert.That(made, Does.Contain("<body style=\"color:red;margin:3px\"><p>"));
    }

    [TestCase("<noframes></p></noframes></p>", "<noframes></p></noframes><p style=\"color:red\"></p>", TestName = "An end tag in raw text is text")]
    [TestCase("<div><!--[if mso]></p><![endif]--></p></div>", "<div><!--[if mso]></p><![endif]--><p style=\"color:red\"></p></div>", TestName = "An end tag in a comment is a comment")]
    public void A_paragraph_that_only_an_end_tag_makes_is_found(string body, string expected) =>
        Assert.That(Inliner.Inline($"<html><head><style>p{{color:red}}</style></head><body>{body}</body></html>"), Does.Contain($"<body>{expected}</body>"));

    [TestCase("<p style='color:blue\\'>x", "<p style='color:red;color:blue\\'>x", TestName = "A backslash at the end makes a value that no browser takes")]
    public void A_broken_attribute_overrides_nothing(string body, string expected) =>
        Assert.That(Inliner.Inline($"<html><head><style>p{{color:red}}</style></head><body>{body}</body></html>"), Does.Contain(expected));
}
