using System.Text.Json.Serialization;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The result of an attempt as the journal has it; without an outcome: that the handing over has begun.</summary>
internal sealed record JournalEntry(long Edition, long Subscriber, long Fence)
{
    private const int MostWords = 1000;

    public int Attempt { get; init; }

    public DateTimeOffset At { get; init; }

    public string? Outcome { get; init; }

    public int? Code { get; init; }

    public string? Status { get; init; }

    public string Words { get; init; } = "";

    public DeliveryState State { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public string Revision { get; init; } = "";

    /// <summary>Whether the refusal does something to the subscription: never in the sandbox, where it speaks of somebody else.</summary>
    public bool IsBounce { get; init; }

    public static JournalEntry Begun(Claim claim) => new(claim.Id.Edition.Value, claim.Id.Subscriber.Value, claim.Fence);

    public static JournalEntry Of(AttemptResult result)
    {
        var (code, status) = result.Outcome.Numbers();
        var words = result.Outcome.Words;
        return Begun(result.Claim) with
        {
            Attempt = result.Claim.Attempt, At = result.At, Outcome = result.Outcome.GetType().Name, Code = code, Status = status,
            Words = words.Length > MostWords ? words[..MostWords] : words, State = result.After.State, DueAt = result.After.DueAt, Revision = result.Revision,
            IsBounce = result.Bounce is not null,
        };
    }

    /// <summary>The result again; null where the entry only says that it began, or says what this program does not know.</summary>
    public AttemptResult? Result()
    {
        SmtpOutcome? outcome = Outcome switch
        {
            nameof(SmtpOutcome.Accepted) => new SmtpOutcome.Accepted(Words, Code),
            nameof(SmtpOutcome.Deferred) => new SmtpOutcome.Deferred(Code, Status, Words, SmtpScope.Recipient),
            nameof(SmtpOutcome.Rejected) => new SmtpOutcome.Rejected(Code ?? 0, Status, Words),
            nameof(SmtpOutcome.Refused) => new SmtpOutcome.Refused(Code, Status, Words, SmtpScope.Recipient),
            nameof(SmtpOutcome.InDoubt) => new SmtpOutcome.InDoubt(Words),
            _ => null,
        };
        var id = new DeliveryId(new(Edition), new(Subscriber));
        var after = new AfterAttempt(State, DueAt);
        return outcome is null ? null : new(new(id, Attempt, Fence, "", "", new Dictionary<string, string>()), outcome, after, At, Revision,
            IsBounce ? Rejections.FactOf(outcome, after, id, At) : null);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(JournalHead))]
internal sealed partial class JournalJson : JsonSerializerContext;
