using System.Globalization;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary>Why an address is in its state: the events, the arithmetic, the probes.</summary>
internal static class BounceText
{
    /// <summary>For a person; nothing where nothing came back.</summary>
    public static IEnumerable<string> Lines(ReaderBounces bounces)
    {
        if (bounces.Score.Lines.Count == 0)
            yield break;
        yield return $"bounces: score {bounces.Score.Words}";
        foreach (var line in bounces.Score.Lines)
            yield return PersonalText.OneLine($"  {line.Words}: {line.Bounce.Evidence}", PersonalText.MaxValue)
                + (line.Bounce.ReturnedMail is { } mail ? string.Create(CultureInfo.InvariantCulture, $" (newsletter inbox raw {mail})") : "");
        foreach (var probe in bounces.Probes)
            yield return PersonalText.OneLine($"  {SubscriberCsv.WriteInstant(probe.MadeAt)[..10]} probe: {Words(probe)}", PersonalText.MaxValue);
    }

    /// <summary>For machines.</summary>
    public static object Shape(ReaderBounces bounces) => new
    {
        score = Math.Round(bounces.Score.Value, 3),
        events = bounces.Score.Lines.Select(line => new
        {
            at = SubscriberCsv.WriteInstant(line.Bounce.At),
            edition = line.Bounce.Edition.Value,
            reason = line.Bounce.Verdict.ReasonWord,
            permanence = line.Bounce.Verdict.PermanenceWord,
            weight = line.Weight,
            now = Math.Round(line.Now, 3),
            because = line.Because,
            evidence = line.Bounce.Evidence,
            returnedMail = line.Bounce.ReturnedMail,
            incident = line.Bounce.Incident,
        }),
        probes = bounces.Probes.Select(probe => new { at = SubscriberCsv.WriteInstant(probe.MadeAt), state = probe.State, words = probe.Words }),
    };

    private static string Words(ProbeLine probe) => probe.State switch
    {
        "due" => "waits to be sent",
        "sent" => "sent, and its answer is waited for",
        "stayed" => "did not come back: the address takes mail",
        "came back" => $"came back: {probe.Words}",
        _ => $"not sent: {probe.Words}",
    };
}
