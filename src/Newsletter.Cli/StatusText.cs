using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>An edition's state as <c>status</c> shows it.</summary>
internal static class StatusText
{
    /// <summary>Largest domains of an old edition that are named.</summary>
    private const int Domains = 5;

    /// <summary>One line for the list.</summary>
    public static string Line(Edition edition, Tally tally, DateTimeOffset now, LocalText local)
    {
        var reason = EditionWords.Why(edition, now) is { Length: > 0 } why ? $" ({why})" : "";
        var numbers = edition.StartedAt is null ? $"due {local.Minute(edition.DueAt)}" : $"{EditionWords.Numbers(tally, edition.State is EditionState.Cancelled)}, {Number(edition.Candidates - tally.Total)} excluded";
        return Plain.Line($"{edition.Id.Value,4}  {edition.State.ToString().ToLowerInvariant(),-9}  {edition.Title}: {numbers}{reason}");
    }

    /// <summary>Everything about one edition, for a person.</summary>
    public static IEnumerable<string> Lines(EditionReport report, LocalText local) =>
        Facts(report, local).Select(fact => Plain.Line($"      {fact}")).Prepend(Line(report.Edition, report.Tally, report.Now, local));

    /// <summary>Everything about one edition, as the tally's line of JSON with more behind it.</summary>
    public static string Json(EditionReport report, double seconds)
    {
        var line = JsonNode.Parse(TallyText.Json(report.Edition, report.Tally, seconds))!.AsObject();
        line["claimed"] = report.Tally.Claimed;
        line["excludedBy"] = JsonSerializer.SerializeToNode(report.Exclusions, CliJson.Options);
        line["replies"] = JsonSerializer.SerializeToNode(report.Replies.Select(reply => new
        {
            state = reply.State.Words(), code = reply.Code, status = reply.Status, count = reply.Count, example = reply.Example, remedy = ReplyRemedies.Of(reply.Code, reply.Status),
        }), CliJson.Options);
        line["workers"] = JsonSerializer.SerializeToNode(report.Workers.Select(worker => new { name = worker.Name, claims = worker.Claims, until = worker.Until }), CliJson.Options);
        line["revisions"] = JsonSerializer.SerializeToNode(report.Revisions, CliJson.Options);
        line["cameBack"] = JsonSerializer.SerializeToNode(report.CameBack, CliJson.Options);
        line["inbox"] = JsonSerializer.SerializeToNode(report.Inbox, CliJson.Options);
        line["keptAsCounts"] = JsonSerializer.SerializeToNode(report.Counted.Select(each => new { state = each.State.Words(), domain = each.Domain, count = each.Deliveries }), CliJson.Options);
        return line.ToJsonString(CliJson.Options);
    }

    private static IEnumerable<string> Facts(EditionReport report, LocalText local)
    {
        var (edition, tally) = (report.Edition, report.Tally);
        if (edition.StartedAt is not { } started)
            yield break;
        yield return $"due {local.Bare(edition.DueAt)}, started {local.Bare(started)}{(edition.CompletedAt is { } completed ? $", complete {local.Bare(completed)}" : "")} ({local.Zone})";
        yield return $"{Number(edition.Candidates)} candidates = {Number(tally.Total)} deliveries + {Number(edition.Candidates - tally.Total)} excluded";
        if (report.Signals is var (a, b))
            yield return $"subject a: {a.Words}; subject b: {b.Words}; {(edition.Winner.Length > 0 ? $"the others get {edition.Winner}" : "the winner is not settled")}";
        foreach (var (reason, count) in report.Exclusions)
            yield return $"{Number(count)} excluded: {reason}";
        yield return string.Join(", ", new[] { ("sent", tally.Sent), ("waiting", tally.Waiting), ("claimed", tally.Claimed), ("deferred", tally.Deferred), ("failed", tally.Failed), ("skipped", tally.Skipped), ("in doubt", tally.InDoubt) }
            .Select(part => $"{Number(part.Item2)} {part.Item1}"));
        if (report.Pace is { } pace)
            yield return pace.Words(tally);
        foreach (var reply in report.Replies)
            yield return Reply(reply);
        foreach (var (kind, count) in report.CameBack)
            yield return $"{Number(count)} came back: {kind}";
        if (report.Inbox is { } inbox && inbox.Unread + inbox.Read + inbox.Done > 0)
            yield return $"{Number(inbox.Unread + inbox.Read + inbox.Done)} conversations with readers: {Number(inbox.Unread)} unread, {Number(inbox.Read)} read, {Number(inbox.Done)} done (newsletter inbox --issue {edition.Slug})";
        foreach (var (revision, count) in report.Revisions)
            yield return $"text {revision}: {Number(count)} sent";
        foreach (var worker in report.Workers)
            yield return $"at work: {Short(worker.Name)} holds {Number(worker.Claims)} until {local.Second(worker.Until)}";
        foreach (var line in Counted(report))
            yield return line;
        foreach (var hint in Hints(edition, tally))
            yield return hint;
    }

    private static string Reply(ReplyGroup reply)
    {
        var said = string.Join(' ', new[] { reply.Code?.ToString(CultureInfo.InvariantCulture), reply.Status, Without(reply.Example, reply.Status) }.Where(part => !string.IsNullOrEmpty(part)));
        var remedy = reply.State is DeliveryState.Skipped ? "" : ReplyRemedies.Of(reply.Code, reply.Status);
        return $"{Number(reply.Count)} {reply.State.Words()}{(said.Length > 0 ? $": {said}" : "")}{(remedy.Length > 0 ? $" ({remedy})" : "")}";
    }

    /// <summary>Servers begin their words with the status.</summary>
    private static string Without(string words, string? status) => status is not null && words.StartsWith(status, StringComparison.Ordinal) ? words[status.Length..].Trim() : words;

    private static IEnumerable<string> Counted(EditionReport report)
    {
        foreach (var state in report.Counted.GroupBy(each => each.State))
        {
            var named = state.Where(each => each.Domain.Length > 0).Take(Domains).ToList();
            var (all, elsewhere) = (state.Sum(each => each.Deliveries), state.Sum(each => each.Deliveries) - named.Sum(each => each.Deliveries));
            var places = named.Select(each => $"{Number(each.Deliveries)} {each.Domain}").Concat(elsewhere > 0 ? [$"{Number(elsewhere)} elsewhere"] : []);
            yield return $"{Number(all)} {state.Key.Words()}, kept as counts alone: {string.Join(", ", places)}";
        }
    }

    private static IEnumerable<string> Hints(Edition edition, Tally tally)
    {
        if (tally.InDoubt > 0)
            yield return $"newsletter deliveries {edition.Id.Value} --state in-doubt lists whom the relay may have reached; newsletter retry {edition.Id.Value} --in-doubt sends those again";
        if (tally.Failed > 0)
            yield return $"newsletter deliveries {edition.Id.Value} --state failed lists the readers; newsletter retry {edition.Id.Value} tries them once more (--code, --domain: some of them)";
    }

    /// <summary>Machine and process; the boot between them tells a person nothing.</summary>
    private static string Short(string worker) => worker.Split('|') is [var machine, _, var process, _, var desk] ? $"{machine}, process {process}{(desk is "1" ? "" : $" ({desk})")}" : worker;

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
