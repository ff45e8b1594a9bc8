using System.Globalization;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>One recipient domain, or several that are counted together, as all editions of this process see it: how many letters may be under way, how fast, and what its servers have asked for.</summary>
internal sealed class DomainGate(string name, int most, LimitSet limits, AdaptiveRate rate)
{
    /// <summary>A letter that finds all places taken looks again so soon.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Letters that wait in the ledger wait so long at most: their domain may be well again sooner than it seemed.</summary>
    private static readonly TimeSpan LongestPutOff = TimeSpan.FromMinutes(30);

    /// <summary>For less, nobody goes through the ledger.</summary>
    private static readonly TimeSpan ShortestPutOff = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private int underWay;
    private string why = "";
    private DateTimeOffset lastPutOff = DateTimeOffset.MinValue;

    public AdaptiveRate Rate => rate;

    /// <summary>Whether nothing is known of it that must not be forgotten.</summary>
    public bool IsIdle(DateTimeOffset now)
    {
        lock (gate)
            return underWay == 0 && rate.PerSecond is null && rate.HeldUntil(now) is null;
    }

    /// <summary>Takes a turn for one letter; <see cref="End"/> or <see cref="GiveBack"/> must follow.</summary>
    public ValueTask<Turn> BeginAsync(DateTimeOffset now, CancellationToken stop)
    {
        lock (gate)
        {
            if (most > 0 && underWay >= most)
                return new(new Turn(now + Look, string.Create(CultureInfo.InvariantCulture, $"{name}: {most} letters at a time (Domains)")));
            if (!rate.TryBegin(now, out var notBefore))
                return new(new Turn(notBefore, why));
            underWay++;
        }
        return limits.IsEmpty ? default : LimitedAsync(now, stop);
    }

    /// <summary>The turn is over.</summary>
    /// <param name="outcome">The letter's answer; null where there is none, for a fault of ours.</param>
    /// <param name="now">The time.</param>
    public void End(SmtpOutcome? outcome, DateTimeOffset now)
    {
        lock (gate)
        {
            underWay--;
            if (outcome is SmtpOutcome.Accepted)
                rate.Succeeded(now);
            if (outcome is not SmtpOutcome.Deferred { Scope: SmtpScope.Recipient } || Slowdown.Of(outcome, now) is not { IsOfAll: true } slowdown)
                return;
            rate.Slow(now);
            if (slowdown.Wait is { } wait)
                rate.Hold(now, wait);
            why = $"{name}: {outcome.Words}";
        }
    }

    /// <summary>The turn was not used.</summary>
    public void GiveBack(Turn turn, DateTimeOffset now)
    {
        turn.GiveBack();
        lock (gate)
        {
            underWay--;
            rate.GiveBack(now);
        }
    }

    /// <summary>When a letter that has to wait is due again: one behind the other as they may go, so that they are not all taken up again at once.</summary>
    public DateTimeOffset PutOff(DateTimeOffset notBefore, DateTimeOffset now)
    {
        lock (gate)
        {
            var apart = TimeSpan.FromSeconds(1 / (rate.PerSecond ?? rate.Measured(now)));
            apart = limits.Interval > apart ? limits.Interval : apart;
            if (notBefore < now + ShortestPutOff)
                notBefore = now + ShortestPutOff;
            lastPutOff = lastPutOff >= notBefore && lastPutOff - notBefore < LongestPutOff ? lastPutOff + apart : notBefore;
            return lastPutOff;
        }
    }

    /// <summary>What is to be said of it; null while letters go as they come.</summary>
    public PaceHold? Hold(DateTimeOffset now)
    {
        lock (gate)
            return rate.HeldUntil(now) is { } until ? new("domain", name, until, $"asked to wait: {why}")
                : rate.PerSecond is { } perSecond ? new("domain", name, now.AddMinutes(1), string.Create(CultureInfo.InvariantCulture, $"slowed to {Rates.Words(perSecond)}: {why}"))
                : null;
    }

    private async ValueTask<Turn> LimitedAsync(DateTimeOffset now, CancellationToken stop)
    {
        Turn? turn = null;
        try
        {
            turn = await limits.TakeAsync(now, stop);
            return turn.Value;
        }
        finally
        {
            if (turn is not { IsGiven: true })
                GiveBack(default, now);
        }
    }
}

/// <summary>The gates of all recipient domains, made as letters to them come up.</summary>
/// <param name="rules">What the settings say of some.</param>
/// <param name="limits">Makes the limits of a rule, counted under a name.</param>
/// <param name="before">The gates under the settings before: what a domain has asked for still holds.</param>
internal sealed class DomainGates(IReadOnlyList<DomainRule> rules, Func<DomainRule, string, LimitSet> limits, DomainGates? before)
{
    private const int MostIdle = 5000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, DomainGate> gates = new(StringComparer.OrdinalIgnoreCase);
    private DateTimeOffset sweptAt = DateTimeOffset.MinValue;

    public DomainGate Of(string address, DateTimeOffset now)
    {
        var domain = address.AsSpan(address.LastIndexOf('@') + 1);
        lock (gate)
            return gates.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(domain, out var known) ? known : Make(domain.ToString(), now);
    }

    /// <summary>Those that hold letters back.</summary>
    public IReadOnlyList<PaceHold> Holds(DateTimeOffset now)
    {
        lock (gate)
            return [.. gates.Values.Distinct().Select(one => one.Hold(now)).OfType<PaceHold>()];
    }

    private DomainGate Make(string domain, DateTimeOffset now)
    {
        if (gates.Count >= MostIdle && now - sweptAt > TimeSpan.FromSeconds(1))
            Sweep(now);
        var rule = rules.Select(one => (Rule: one, Fit: one.Fit(domain))).Where(one => one.Fit > 0).OrderByDescending(one => one.Fit).Select(one => one.Rule).FirstOrDefault();
        var name = rule?.CountedAs(domain) ?? domain.ToLowerInvariant();
        if (!gates.TryGetValue(name, out var made))
            gates[name] = made = new(name, rule?.Connections ?? 0, rule is null ? LimitSet.None : limits(rule, name), before?.RateOf(name) ?? new());
        return gates[domain] = made;
    }

    private AdaptiveRate? RateOf(string name)
    {
        lock (gate)
            return gates.TryGetValue(name, out var known) ? known.Rate : null;
    }

    private void Sweep(DateTimeOffset now)
    {
        sweptAt = now;
        foreach (var idle in gates.Where(one => one.Value.IsIdle(now)).Select(one => one.Key).ToList())
            gates.Remove(idle);
    }
}

/// <summary>Rates for people.</summary>
internal static class Rates
{
    public static string Words(double perSecond) => perSecond >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.#} letters a second")
        : string.Create(CultureInfo.InvariantCulture, $"{perSecond * 60:0.#} letters a minute");
}
