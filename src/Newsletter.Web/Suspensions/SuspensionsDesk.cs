using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>What the pages of suspended readers show.</summary>
internal sealed class SuspensionsDesk(SuspensionStore suspensions, SubscriberStore subscribers, TimeProvider time)
{
    private const int Page = 50;
    private const int LongestWord = 200;

    /// <summary>A page of the list that an address asks for.</summary>
    public async Task<SuspensionsView> ListAsync(IQueryCollection query, CancellationToken ct)
    {
        var (question, atRisk) = (QuestionOf(name => query[name].ToString()), query["show"] == "at-risk");
        var after = new SubscriberId(long.TryParse(query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0);
        IReadOnlyList<SuspensionLine> lines = atRisk
            ? [.. (await suspensions.AtRiskAsync(after, Page, time.GetUtcNow(), ct)).Select(one => one.Line)]
            : await suspensions.ListAsync(question, after, Page, ct);
        return new(atRisk, question, atRisk ? null : await suspensions.CountAsync(question, ct), lines, lines.Count == Page ? lines[^1].Subscriber : null);
    }

    /// <summary>One reader with all that came back of them; null where there is none, or they are forgotten.</summary>
    public async Task<SuspensionDetails?> FindAsync(SubscriberId id, CancellationToken ct) => await subscribers.FindAsync(id, ct) is { Profile: not null } reader
        ? new(reader, await suspensions.OfAsync(id, time.GetUtcNow(), ct), await subscribers.HistoryAsync(id, ct))
        : null;

    /// <summary>How many a question finds.</summary>
    public Task<long> CountAsync(SuspensionQuestion question, CancellationToken ct) => suspensions.CountAsync(question with { IsOfThisHouse = true }, ct);

    /// <summary>What a form or an address asks for; what cannot be read does not matter.</summary>
    public static SuspensionQuestion QuestionOf(Func<string, string> field) => new(
        PersonalText.OneLine(field("reason"), LongestWord), PersonalText.OneLine(field("words"), LongestWord), EmailAddress.Read($"reader@{field("domain").Trim().TrimStart('@')}")?.Domain ?? "");
}

/// <summary>A page of the list.</summary>
/// <param name="IsAtRisk">Whether it shows who is at risk; else who is suspended.</param>
/// <param name="Question">Which suspensions are asked for.</param>
/// <param name="Count">How many they are; null where they are not counted.</param>
/// <param name="Lines">Those of this page.</param>
/// <param name="Next">Behind whom the next page begins; null: this is the last.</param>
public sealed record SuspensionsView(bool IsAtRisk, SuspensionQuestion Question, long? Count, IReadOnlyList<SuspensionLine> Lines, SubscriberId? Next)
{
    /// <summary>The question as the end of an address; empty for none.</summary>
    public string Query(params (string Name, string Value)[] more)
    {
        var query = new QueryBuilder();
        foreach (var (name, value) in (IEnumerable<(string, string)>)[("show", IsAtRisk ? "at-risk" : ""), ("reason", Question.Reason), ("words", Question.Words), ("domain", Question.Domain), .. more])
            if (value.Length > 0)
                query.Add(name, value);
        return query.ToString();
    }
}

/// <summary>A reader's page.</summary>
/// <param name="Reader">Who; their profile is not null.</param>
/// <param name="Bounces">What came back, with the arithmetic.</param>
/// <param name="History">What happened to their standing.</param>
public sealed record SuspensionDetails(Subscriber Reader, ReaderBounces Bounces, IReadOnlyList<HistoryLine> History);
