using System.Globalization;
using System.Net;

namespace Newsletter.Subscribers;

/// <summary>What shows that somebody has agreed: the words they saw, when and from where they asked, and when and from where the mailbox said yes.</summary>
/// <param name="SignUp">Number of the sign-up.</param>
/// <param name="Address">As it was given.</param>
/// <param name="Wording">The words that were shown.</param>
/// <param name="FirstAt">When these words were first agreed to by anybody, or printed for another site.</param>
/// <param name="State">How the wish stands.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="AskedFrom">Network address; empty: not known, or forgotten since.</param>
/// <param name="AskedAgent">The program; empty as above.</param>
/// <param name="Topics">What was chosen.</param>
/// <param name="Mails">How many mails asked the mailbox.</param>
/// <param name="SentAt">When the last of them went.</param>
/// <param name="ConfirmedAt">When the button behind its link was pressed; null: never.</param>
/// <param name="ConfirmedFrom">From which network address; empty as above.</param>
/// <param name="ConfirmedAgent">By which program; empty as above.</param>
public sealed record Consent(
    long SignUp, string Address, Wording Wording, DateTimeOffset FirstAt, SignUpState State, DateTimeOffset AskedAt, string AskedFrom, string AskedAgent, IReadOnlyList<string> Topics, int Mails, DateTimeOffset? SentAt,
    DateTimeOffset? ConfirmedAt, string ConfirmedFrom, string ConfirmedAgent)
{
    private const string Unknown = "not kept";

    /// <summary>What it shows, line by line: a name and a value.</summary>
    public IEnumerable<(string Name, string Value)> Facts =>
    [
        ("sign-up", SignUp.ToString(CultureInfo.InvariantCulture)),
        ("address as given", Address),
        ("form", Wording.Form),
        ("language", Wording.Language),
        ("words shown", Wording.Text),
        ("version of the words", $"SHA-256 {Wording.Hash}, in use since {SubscriberCsv.WriteInstant(FirstAt)} or before"),
        ("chosen", Topics.Count > 0 ? string.Join(", ", Topics) : "nothing"),
        ("asked", $"{SubscriberCsv.WriteInstant(AskedAt)} from {Known(AskedFrom)} with {Known(AskedAgent)}"),
        ("mail to the address", SentAt is { } sent ? string.Create(CultureInfo.InvariantCulture, $"{SubscriberCsv.WriteInstant(sent)} ({Mails} in all)") : "none went"),
        ("confirmed", ConfirmedAt is { } at ? $"{SubscriberCsv.WriteInstant(at)} from {Known(ConfirmedFrom)} with {Known(ConfirmedAgent)}, by the button behind the link of that mail" : $"not confirmed ({State.ToString().ToLowerInvariant()})"),
    ];

    private static string Known(string text) => text.Length > 0 ? text : Unknown;
}

/// <summary>One page that proves how an address came onto the list and how it has stood since: HTML that needs nothing else, to be kept or printed.</summary>
public static class ConsentProof
{
    private const string Style = "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}table{border-collapse:collapse;width:100%}th,td{padding:.25rem .5rem .25rem 0;border-bottom:1px solid #bbb;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{white-space:nowrap}td{white-space:pre-wrap}";

    /// <summary>The page, its lines ended by LF. Times are UTC.</summary>
    /// <param name="publication">Whose list.</param>
    /// <param name="subscriber">Who; not erased.</param>
    /// <param name="consents">Every sign-up of theirs, the oldest first.</param>
    /// <param name="history">What happened to their standing, the oldest first.</param>
    /// <param name="at">When the page is made.</param>
    public static string Html(Publication publication, Subscriber subscriber, IReadOnlyList<Consent> consents, IReadOnlyList<HistoryLine> history, DateTimeOffset at)
    {
        var profile = subscriber.Profile!;
        List<string> html =
        [
            $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Consent of {E(profile.Address.Value)}</title>\n<style>{Style}</style>\n</head>\n<body>\n<main>\n",
            $"<h1>Consent of {E(profile.Address.Value)}</h1>\n<p>{E(publication.Name)}, {E(publication.FromAddress)}. Made {SubscriberCsv.WriteInstant(at)} from the list; all times are UTC.</p>\n",
            Table([("address", profile.Address.Value), ("stands", $"{subscriber.State.Word()} since {SubscriberCsv.WriteInstant(subscriber.StateAt)}"), ("with us since", SubscriberCsv.WriteInstant(subscriber.CreatedAt)), ("came by", profile.Source.Length > 0 ? profile.Source : "not known")]),
        ];
        if (consents.Count == 0)
            html.Add("<p>No sign-up of this address by a form is known. How it came is in the history.</p>\n");
        foreach (var consent in consents)
            html.Add($"<h2>Sign-up {consent.SignUp.ToString(CultureInfo.InvariantCulture)}</h2>\n{Table(consent.Facts)}");
        html.Add($"<h2>History</h2>\n{Table(history.Select(line => (SubscriberCsv.WriteInstant(line.Change.At), $"{line.Before?.Word() ?? "new"} → {line.Change.To.Word()}, by {line.Change.Actor.ToString().ToLowerInvariant()}: {line.Change.Reason} {line.Change.Evidence}".TrimEnd())))}</main>\n</body>\n</html>\n");
        return string.Concat(html);
    }

    private static string Table(IEnumerable<(string Name, string Value)> rows) =>
        $"<table>\n{string.Concat(rows.Select(row => $"<tr><th scope=\"row\">{E(row.Name)}</th><td>{E(row.Value)}</td></tr>\n"))}</table>\n";

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
