using System.Globalization;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>Which suspensions are meant; what is null or empty does not matter.</summary>
/// <param name="Reason">In the reason: <c>user-unknown</c>, <c>mailbox-full</c>, <c>probe</c>.</param>
/// <param name="Words">In what the server said: <c>spamcop</c>. Letter case does not matter.</param>
/// <param name="Domain">Of the readers, as <see cref="EmailAddress.Domain"/>.</param>
/// <param name="From">Suspended at this time or later.</param>
/// <param name="To">Suspended before this time.</param>
public sealed record SuspensionQuestion(string Reason = "", string Words = "", string Domain = "", DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>Whether it asks for anything at all.</summary>
    public bool IsEmpty => Reason.Length == 0 && Words.Length == 0 && Domain.Length == 0 && From is null && To is null;

    /// <summary>Not who came suspended in a list that was read in: they are so for what another house saw, and nothing here takes that back for many.</summary>
    public bool IsOfThisHouse { get; init; }

    /// <summary>In words, for the record.</summary>
    public string Text => string.Join(", ", new[]
    {
        Reason.Length > 0 ? $"reason {Reason}" : "", Words.Length > 0 ? $"words \"{Words}\"" : "", Domain.Length > 0 ? $"at {Domain}" : "",
        From is { } from ? string.Create(CultureInfo.InvariantCulture, $"from {from.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "", To is { } to ? string.Create(CultureInfo.InvariantCulture, $"to {to.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "",
    }.Where(part => part.Length > 0));

    /// <summary>The conditions, after others, on a subscriber <c>s</c> and the line <c>l</c> of their suspension.</summary>
    internal string Sql => string.Concat(
        IsOfThisHouse ? " and l.actor <> 'import'" : "",
        Reason.Length == 0 ? "" : " and lower(l.reason) like @reason escape '\\'",
        Words.Length == 0 ? "" : " and lower(l.evidence) like @words escape '\\'",
        Domain.Length == 0 ? "" : " and s.address_key like @domain escape '\\'",
        From is null ? "" : " and l.at >= @from",
        To is null ? "" : " and l.at < @to");

    /// <summary>Their parameters, and those of the statement around.</summary>
    internal object Names(long after, int count) => new
    {
        after, count = (long)count, reason = $"%{Like.Literal(Reason)}%", words = $"%{Like.Literal(Words)}%", domain = $"%@{Like.Literal(Domain)}", from = From?.Ms(), to = To?.Ms(),
    };
}
