using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

/// <summary>A writer of letters near 30 KB, the size of a real issue.</summary>
internal static class Letters
{
    public static LetterWriter Writer(DkimSeal? seal = null) =>
        new(Issue(), Some.Publication(), Some.OurAddresses(), seal ?? Dkim.Seal, new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    public static RenderedIssue Issue() => new()
    {
        Number = 149,
        Slug = "0149",
        Title = "Issue 149",
        Lang = "en",
        WebHtml = "",
        WebUrl = "https://news.example.org/issues/0149",
        Subject = Template.Of("Issue 149: a letter of the usual size"),
        Text = Template.Read(Paragraphs("Dear {{ subscriber.name }},\n\n", "A line of text — with a dash and some words.\n.dot\nFrom here.\n", 60) + "{{ unsubscribe_url }}\n", Place.Text, []),
        Html = Template.Read(
            Paragraphs("<p>Dear {{ subscriber.name }},</p>\n", "<p style=\"margin:0 0 16px;color:#222\">A paragraph — with <a href=\"https://example.org/a?b=c\">a link</a>.</p>\n", 180)
            + "<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>", Place.Html, []),
    };

    private static string Paragraphs(string first, string one, int count) => first + string.Concat(Enumerable.Repeat(one, count));
}
