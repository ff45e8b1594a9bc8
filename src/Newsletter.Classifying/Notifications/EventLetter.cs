using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>What an event tells of the letter that it is about, each with the member that tells it.</summary>
internal sealed record EventLetter
{
    private const int MaxMembers = 200;
    private const int MaxRecipients = 200;

    /// <summary>What else of the letter's header names it.</summary>
    private static readonly string[] Marks = ["List-Unsubscribe", "Reply-To", "X-Envelope-From", "Sender"];

    /// <summary>The members of SendGrid's events that others may have written; what else it does not know is an argument of the sender's.</summary>
    private static readonly string[] SaidByOthers = ["reason", "response", "email", "useragent", "url"];

    /// <summary>The Message-ID that the letter bore, where a provider keeps ours. Postmark and Brevo have numbers of their own there, and Amazon's <c>mail.messageId</c> is its own as well.</summary>
    public IEnumerable<(string Place, string Value)> Ids { get; private init; } = [];

    /// <summary>Its envelope sender.</summary>
    public IEnumerable<(string Place, string Value)> Senders { get; private init; } = [];

    /// <summary>Other headers that name it, and what the sender gave it along for the provider to give back.</summary>
    public IEnumerable<(string Place, string Value)> Given { get; private init; } = [];

    /// <summary>From; empty where it is not told, or a Message-ID or an envelope sender tells more.</summary>
    public string Author { get; private init; } = "";

    /// <summary>To whom it went, where that is told beside whom the event is about.</summary>
    public IReadOnlyList<string> SentTo { get; private init; } = [];

    public static EventLetter Of(NotificationForm form, JsonElement told) => form switch
    {
        NotificationForm.Ses => told.Part("mail") is { } mail ? OfSes(mail) : new(),
        NotificationForm.SendGrid => new() { Ids = Texts(told, "smtp-id"), Given = Members(told).Where(member => !SaidByOthers.Contains(member.Place, StringComparer.OrdinalIgnoreCase)) },
        NotificationForm.Mailgun => told.Part("event-data") is { } data ? OfMailgun(data) : new(),
        NotificationForm.Postmark => OfPostmark(told),
        NotificationForm.Brevo => new() { Given = Texts(told, "message-id", "X-Mailin-custom") },
        _ => new() { Ids = Texts(told, "messageId"), Senders = Texts(told, "returnPath") },
    };

    /// <summary>Amazon tells the envelope sender always, the headers if it is asked to.</summary>
    private static EventLetter OfSes(JsonElement mail)
    {
        var headers = mail.List("headers", MaxMembers).Select(header => (Place: header.Text("name"), Value: header.Text("value"))).ToList();
        return new()
        {
            Ids = [.. Named(headers, "Message-ID"), .. Texts(mail.Part("commonHeaders"), "messageId")],
            Senders = [.. Texts(mail, "source"), .. Named(headers, "Return-Path"), .. Texts(mail.Part("commonHeaders"), "returnPath")],
            Given = Named(headers, Marks),
            SentTo = mail.List("destination", MaxRecipients).Select(EventJson.Short).ToList(),
        };
    }

    private static EventLetter OfMailgun(JsonElement data) => new()
    {
        Ids = Texts(data.Part("message", "headers"), "message-id"),
        Senders = Texts(data.Part("envelope"), "sender"),
        Given = Members(data.Part("user-variables")),
    };

    private static EventLetter OfPostmark(JsonElement told) => new()
    {
        Given = Members(told.Part("Metadata")).Concat(Headers(told.Text("Content")).Where(header => IsOneOf(header.Name, ["Return-Path", "Message-ID", .. Marks])).Select(header => ("Content", header.Value))),
        Author = Addressing.FindIn(told.Text("From")) is [var author, ..] ? author.Address : "",
    };

    /// <summary>The lines of a mail that look like headers, of the mail itself or of one that it returns, with those that go on.</summary>
    private static IEnumerable<(string Name, string Value)> Headers(string mail)
    {
        var lines = mail.Split('\n');
        for (var at = 0; at < lines.Length; at++)
            if (lines[at].IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                yield return (lines[at][..colon], string.Concat(lines.Skip(at + 1).TakeWhile(line => line is [' ' or '\t', ..]).Prepend(lines[at][(colon + 1)..])));
    }

    private static IEnumerable<(string Place, string Value)> Named(IEnumerable<(string Place, string Value)> headers, params string[] names) => headers.Where(header => IsOneOf(header.Place, names));

    private static bool IsOneOf(string name, string[] names) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(string Place, string Value)> Texts(JsonElement? of, params string[] names) =>
        of is { } part ? names.Select(name => (name, part.Text(name))).Where(each => each.Item2.Length > 0) : [];

    private static IEnumerable<(string Place, string Value)> Members(JsonElement? of) =>
        of is { ValueKind: JsonValueKind.Object } part ? part.EnumerateObject().Take(MaxMembers).Select(member => (member.Name, EventJson.Short(member.Value))) : [];
}
