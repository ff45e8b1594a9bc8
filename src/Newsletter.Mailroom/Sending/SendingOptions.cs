using System.ComponentModel.DataAnnotations;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>What becomes of a letter when the line broke after it was given and before the relay answered.</summary>
public enum InDoubtPolicy
{
    /// <summary>It goes again under the same Message-ID: better twice than never.</summary>
    Resend,
    /// <summary>It is listed and waits for a person: <c>newsletter retry --in-doubt</c>.</summary>
    Hold,
}

/// <summary>Section <c>Sending</c> of the configuration.</summary>
public sealed class SendingOptions : IValidatableObject
{
    /// <summary>Letters in doubt go again by default: receivers drop doubles by Message-ID, and nobody brings back a letter that never came.</summary>
    public InDoubtPolicy InDoubt { get; init; } = InDoubtPolicy.Resend;

    /// <summary>The most deliveries claimed at a time. It begins with 50 and becomes what the relays take in about a second.</summary>
    [Range(1, 10_000)] public int BatchSize { get; init; } = 1000;

    /// <summary>How long a claim holds without a sign of life. Longer than any pause of a living process, since a claim that ran out is sent by another.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")] public TimeSpan ClaimFor { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a process that is told to stop finishes the letters in hand. Not longer than its keeper waits before it kills (systemd: <c>TimeoutStopSec</c>, Kubernetes: 30 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")] public TimeSpan DrainFor { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>The waits before a deferred letter is tried again, the last one repeating. Empty: 5, 15, 30 minutes, 1, 2, 4, 8 hours.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } = [];

    /// <summary>Counted from when the edition began to run last; a letter still deferred then has failed. Newsletters are stale after three days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10.00:00:00")] public TimeSpan GiveUpAfter { get; init; } = Retry.Usual.GiveUpAfter;

    /// <summary>So many letters refused in a row, for whatever reason, pause the edition: it is then more likely our fault than the readers'. What a relay says of us alone is no letter's refusal.</summary>
    [Range(2, 100_000)] public int PauseAfterRefusals { get; init; } = 100;

    /// <summary>
    /// The time in which what is about to go out can be undone: an edition starts no earlier than this after it was made, by <c>send --now</c> as well, and stands as held for it.
    /// Null: <c>send --now</c> starts at once, and what the clock starts is announced five minutes before its time, which stays.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan? HoldWindow { get; init; }

    /// <summary>Every mail of this process goes to this one address instead, with a banner that says for whom it was; what is sent so takes the issue from no reader. Empty: mail goes to whom it is for.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>An edition stops by itself when more than this share of its letters has failed or come back. 0: never. Providers begin to distrust a sender at a few in a hundred.</summary>
    [Range(0, 1)] public double PauseAtBounces { get; init; } = 0.05;

    /// <summary>An edition stops by itself when more than this share of its letters was complained about (and at least two). 0: never. Gmail and Yahoo ask senders to stay below 0.3 %.</summary>
    [Range(0, 1)] public double PauseAtComplaints { get; init; } = 0.003;

    /// <summary>So many letters have to be sent or failed before the two shares are looked at.</summary>
    [Range(1, 1_000_000)] public int ThresholdAfter { get; init; } = 200;

    /// <summary>The limits that these settings make; in the sandbox none, since nobody got anything.</summary>
    public Thresholds Thresholds => Sandbox.Length > 0 ? Thresholds.None : new(PauseAtBounces, PauseAtComplaints, ThresholdAfter);

    /// <summary>Who gets an issue first, while all others wait: addresses of readers, and <c>tag:NAME</c> for who bears a tag. Empty: all at once.</summary>
    public IReadOnlyList<string> Seed { get; init; } = [];

    /// <summary>How long the others wait once the seed group has it. Null: until <c>newsletter resume</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan? SeedHold { get; init; }

    /// <summary>The part of the readers on whom the two subjects of an issue with <c>subject-b</c> are tried, half each.</summary>
    [Range(0.0001, 1)] public double SampleShare { get; init; } = 0.2;

    /// <summary>How long the others wait for the winner once the sample has the issue. Null: until <c>newsletter winner</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan? SampleWait { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The division that <see cref="Seed"/> makes.</summary>
    public Waves Waves => new(
        [.. Seed.Where(each => !IsTag(each)).Select(EmailAddress.Read).OfType<EmailAddress>().Select(address => address.Key)],
        [.. Seed.Where(IsTag).Select(each => each[TagPrefix.Length..].Trim())])
    {
        SampleShare = SampleShare,
    };

    /// <summary>The rule that these settings make.</summary>
    public Retry Retry => new(RetryDelays.Count > 0 ? RetryDelays : Retry.Usual.Delays, GiveUpAfter);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Sandbox.Length > 0 && EmailAddress.Read(Sandbox) is not { NeedsSmtpUtf8: false })
            yield return new("is no mail address; write it as tester@example.org, or leave it empty and mail goes to the readers", [nameof(Sandbox)]);
        foreach (var each in Seed.Where(each => IsTag(each) ? each.Length == TagPrefix.Length : EmailAddress.Read(each) is null))
            yield return new($"holds '{each}', which is neither an address nor a tag; write it as chief@example.org or tag:staff", [nameof(Seed)]);
    }

    private const string TagPrefix = "tag:";

    private static bool IsTag(string seed) => seed.StartsWith(TagPrefix, StringComparison.OrdinalIgnoreCase);
}
