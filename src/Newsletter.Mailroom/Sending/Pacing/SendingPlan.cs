using Microsoft.Extensions.Configuration;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Where letters go, how fast and at which hours, as the settings say at one time.</summary>
/// <param name="Transports">The relays, or the pickup folder; at least one.</param>
public sealed record SendingPlan(IReadOnlyList<ITransport> Transports)
{
    /// <summary>The hours in which letters leave.</summary>
    public SendingHours Hours { get; init; } = SendingHours.Always;

    /// <summary>Whether the hours are read from each reader's clock.</summary>
    public bool HoursOfReader { get; init; }

    /// <summary>Whether each reader gets an edition at its time by their own clock.</summary>
    public bool AtLocalTime { get; init; }

    /// <summary>The zone of the hours and days, and of readers who have none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The zone in which an edition's time is meant.</summary>
    public TimeZoneInfo Home { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The first days of the sender domain; null: it is known.</summary>
    public WarmUp? WarmUp { get; init; }

    internal IReadOnlyList<DomainRule> Domains { get; init; } = [];

    /// <summary>The domain whose letters this plan carries; empty: it was not looked at.</summary>
    internal string Sender { get; init; } = "";

    /// <summary>The one address to which this plan's ways lead; empty: to the readers.</summary>
    internal string Sandbox { get; init; } = "";

    /// <summary>Whether letters go into the folder for want of a relay.</summary>
    internal bool IsOfFolder { get; init; }

    /// <summary>Reads the sections <c>Relays</c>, <c>Domains</c> and <c>Pacing</c>.</summary>
    /// <exception cref="SettingException">One of them has a fault.</exception>
    public static SendingPlan Read(IConfiguration configuration, PublicationFolder folder)
    {
        var pacing = configuration.Read<PacingOptions>("Pacing");
        var domains = configuration.ReadList<DomainOptions>("Domains").Select(DomainRule.Of).ToList();
        var twice = domains.SelectMany(rule => rule.Patterns).GroupBy(pattern => pattern, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1)?.Key;
        if (twice is not null)
            throw new SettingException($"Domains: {twice} stands in two entries; name it in one of them");
        var home = TimeZoneInfo.FindSystemTimeZoneById(configuration["Publication:TimeZone"] is { Length: > 0 } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _) ? name : "Etc/UTC");
        var plan = new SendingPlan(RelayWiring.Transports(configuration, folder))
        {
            Hours = SendingHours.Read(pacing.Hours)!, HoursOfReader = pacing.HoursOf is HoursOf.Reader, AtLocalTime = pacing.AtLocalTime, WarmUp = pacing.WarmUp?.Plan,
            Home = home, Zone = pacing.TimeZone.Length > 0 ? TimeZoneInfo.FindSystemTimeZoneById(pacing.TimeZone) : home, Domains = domains,
            IsOfFolder = !RelayWiring.HasRelays(configuration), Sandbox = configuration["Sending:Sandbox"] ?? "",
            Sender = (configuration["Publication:FromAddress"] ?? "").Split('@') is [_, var sender] ? sender : "",
        };
        return plan.FaultFor(plan.Sender) is { } fault ? throw new SettingException(fault) : plan;
    }

    /// <summary>Why an edition that is under way must not go on by this plan after another; null where it may.</summary>
    internal string? FaultAfter(SendingPlan before) =>
        Sandbox != before.Sandbox ? "Sending:Sandbox has changed, and that needs a new start; until then write it as it was"
        : IsOfFolder && !before.IsOfFolder ? "Relays: none is left, and what is not sent yet would go into the folder outbox instead; name one, or start anew where the folder is meant"
        : FaultFor(before.Sender); // letters are written with the address of the start

    /// <summary>The relays that carry the letters of a sender domain: those that name it, else those that name none.</summary>
    public IReadOnlyList<ITransport> For(string senderDomain)
    {
        var named = Transports.Where(transport => transport.Pace.SenderDomains.Contains(senderDomain, StringComparer.OrdinalIgnoreCase)).ToList();
        return named.Count > 0 ? named : [.. Transports.Where(transport => transport.Pace.SenderDomains.Count == 0)];
    }

    private string? FaultFor(string sender) =>
        sender.Length > 0 && For(sender).Count == 0 ? $"Relays: none takes letters from {sender}; name it in SenderDomains of one, or leave SenderDomains of one empty" : null;
}
