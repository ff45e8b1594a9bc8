using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests;

/// <summary>Values that do not matter to the test that asks for them.</summary>
internal static class Some
{
    public static KeyRing KeyRing() => new(1, new Dictionary<byte, byte[]> { [1] = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray() });

    public static ErasedAddresses ErasedAddresses() => new(KeyRing());

    public static Acts Acts(Database database, TimeProvider time) => new(new(database, new(KeyRing())), new(KeyRing()), Performer.Clock, time);

    public static OurAddresses OurAddresses() => new(new SealedTokens(KeyRing()), "returns.example.org", "example.org", "https://news.example.org");

    public static Publication Publication(string baseUrl = "https://news.example.org") => new()
    {
        Name = "Field Notes",
        FromAddress = "editor@example.org",
        PostalAddress = "1 Mill Lane\nNether Wallop\nUK",
        BaseUrl = baseUrl,
    };

    /// <summary>A snippet that is sound; null for null.</summary>
    public static MarkdownFile? Snippet(string? text) => text is null ? null : new(text, []);

    /// <summary>An issue with the reader's name in it.</summary>
    public static RenderedIssue RenderedIssue(string slug = "0001-first", int? number = 1) => new()
    {
        Number = number,
        Slug = slug,
        Title = "#1 - Hedges",
        Subject = Template.Of("Hedges"),
        Html = new([new Segment.Literal("<html lang=\"en\"><body><p>Hello "), new Segment.Slot("subscriber.name", Place.Html, "friend"), new Segment.Literal("</p></body></html>")]),
        Text = Template.Of("Hello\n"),
        WebHtml = "<html></html>",
        WebUrl = $"https://news.example.org/archive/{slug}",
        Lang = "en",
    };
}
