using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Which letter may go where and when: the one place that a process asks, for all its editions.</summary>
internal sealed class Pacer
{
    /// <summary>Where no relay takes a letter for longer than this, no pass waits for it, and claims are not kept.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    private readonly SendingDesk desk;
    private readonly string senderDomain;
    private readonly ConcurrentDictionary<string, RelayHealth> health = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lines> lines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ILimit> limits = new(StringComparer.Ordinal);
    private readonly ReaderHours readerHours = new();
    private readonly Lock gate = new();
    private DateTimeOffset toldAt = DateTimeOffset.MinValue;
    private bool hasTold;
    private string? untold;

    public Pacer(SendingDesk desk, string senderDomain)
    {
        (this.desk, this.senderDomain) = (desk, senderDomain);
        Set = Make(desk.Plans.Value, null);
    }

    /// <summary>What holds now. A run keeps the one that it began with, and ends when there is another.</summary>
    public PaceSet Set { get; private set; }

    private PaceStore Paces => desk.Paces ?? throw new InvalidOperationException("limits need a store that keeps them");

    /// <summary>Looks whether the settings have changed.</summary>
    public PaceSet Look()
    {
        desk.Plans.Look();
        lock (gate)
            return Set = ReferenceEquals(Set.Plan, desk.Plans.Value) ? Set : Make(desk.Plans.Value, Set);
    }

    /// <summary>Before when no letter leaves at all, and why; null: they may, or so soon that a pass waits for it.</summary>
    public async Task<PaceHold?> ClosedAsync(DateTimeOffset now, CancellationToken stop)
    {
        var hold = Closed(Set.Plan, now) ?? await BlockedAsync(stop);
        HeldBackUntil = hold?.Until;
        return hold;
    }

    /// <summary>Until when no letter may leave, as it was found last; null: they may.</summary>
    public DateTimeOffset? HeldBackUntil { get; private set; }

    /// <summary>What a person should mend, though letters go on; null: nothing.</summary>
    public string? Trouble => desk.Plans.Fault is { } fault ? $"the changed settings are not taken: {fault}" : untold;

    /// <summary>The hours of the publication; null: letters may leave.</summary>
    public static PaceHold? Closed(SendingPlan plan, DateTimeOffset now)
    {
        var next = plan.Hours.IsAlways || plan.HoursOfReader ? now : plan.Hours.Next(now, plan.Zone);
        return next <= now ? null : new("hours", "sending hours", next, string.Create(CultureInfo.InvariantCulture, $"outside the sending hours until {TimeZoneInfo.ConvertTime(next, plan.Zone):dddd HH:mm} ({plan.Zone.Id})"));
    }

    /// <summary>Whether the letter to a reader may leave by the reader's own clock; else when.</summary>
    public DateTimeOffset? ClosedFor(SendingPlan plan, string zone, DateTimeOffset now) => plan.HoursOfReader ? readerHours.ClosedUntil(plan, zone, now) : null;

    /// <summary>Writes down what is held back, where it is time: for <c>status</c>, here and in other processes. Where that fails it is a <see cref="Trouble"/>, and letters go on.</summary>
    /// <param name="now">The time.</param>
    /// <param name="atOnce">Whether it is written even where it was a moment ago: a pass is over, and the next may be long in coming.</param>
    /// <param name="stop">Ends the writing.</param>
    public async Task TellAsync(DateTimeOffset now, bool atOnce, CancellationToken stop)
    {
        if (desk.Paces is null || (!atOnce && now - toldAt < TellEvery && now >= toldAt))
            return;
        var holds = Holds(now);
        if (holds.Count == 0 && !hasTold)
        {
            untold = null;
            return;
        }
        toldAt = now;
        try
        {
            await desk.Paces.TellAsync(desk.Worker, holds, now, stop);
            (hasTold, untold) = (holds.Count > 0, null);
        }
        catch (DbException e) // it is for people to read: nobody's letter may wait for it
        {
            untold = $"what is held back cannot be written down: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    /// <summary>Gives back what was taken of a day and not used.</summary>
    public async Task SettleAsync()
    {
        foreach (var day in limits.Values.OfType<DayLimit>())
            await day.SettleAsync();
    }

    /// <summary>Where every relay is blocked for long: the one that is free first. A short while is for the pass to wait: a right of a limit lives half a second, and who looks once a second finds it gone.</summary>
    private async Task<PaceHold?> BlockedAsync(CancellationToken stop)
    {
        PaceHold? first = null;
        foreach (var outlet in Set.Outlets)
        {
            var turn = await outlet.BeginAsync(stop);
            if (turn.NotBefore is not { } until)
            {
                outlet.GiveBack(turn);
                return null;
            }
            if (first is null || until < first.Until)
                first = new("relay", outlet.Title, until, turn.Why);
        }
        return first?.Until - desk.Time.GetUtcNow() > LongestWait ? first : null;
    }

    private List<PaceHold> Holds(DateTimeOffset now)
    {
        var set = Set;
        List<PaceHold> holds = [.. set.Outlets.Select(outlet => outlet.Hold(now)).OfType<PaceHold>(), .. set.Domains.Holds(now)];
        if (Closed(set.Plan, now) is { } closed)
            holds.Add(closed);
        if (desk.Plans.Fault is { } fault)
            holds.Add(new("settings", "changed settings", now.AddMinutes(1), $"not taken, what was in force stays: {fault}"));
        return holds;
    }

    private PaceSet Make(SendingPlan plan, PaceSet? before)
    {
        if (before is not null)
            foreach (var refused in health.Values.Where(one => one.Breaker.IsRefused))
                lock (refused.Gate)
                    refused.Breaker = new(); // somebody has changed something: perhaps the password
        var transports = plan.For(senderDomain);
        var outlets = transports.Select(transport => new Outlet(transport, LinesOf(transport, transports), LimitsOf(plan, transport), health.GetOrAdd(KeyOf(transport), _ => new()), desk.Time) { Title = TitleOf(transport, transports) }).ToList();
        Share(outlets);
        return new(plan, outlets, new(plan.Domains, (rule, name) => LimitsOf(plan, rule, name), before?.Domains));
    }

    /// <summary>The lines of an account at a relay, whatever the settings were when they were taken: letters of a plan before may be on them still.</summary>
    private Lines LinesOf(ITransport transport, IReadOnlyList<ITransport> all)
    {
        var key = KeyOf(transport);
        var count = all.Where(other => KeyOf(other) == key).Sum(other => other.Connections);
        var shared = lines.GetOrAdd(key, _ => new(count, desk.Time, Environment.ProcessorCount));
        shared.Resize(count, transport.TakesSeveral && count == transport.Connections); // two that share them would each have too few
        return shared;
    }

    private LimitSet LimitsOf(SendingPlan plan, ITransport transport) => Together(
        [
            .. transport.Pace.Limits.Select(limit => Shared($"relay {KeyOf(transport)}", limit)),
            .. Days($"relay {KeyOf(transport)}", transport.Pace.WarmUp, plan.Zone), .. Days($"sender {senderDomain}", plan.WarmUp, plan.Zone),
        ], $"all that its limits allow just now has gone ({Words(transport.Pace.Limits, transport.Pace.WarmUp ?? plan.WarmUp)})");

    private static string KeyOf(ITransport transport) => $"{transport.Name} {transport.Pace.Account}".TrimEnd();

    private static string TitleOf(ITransport transport, IReadOnlyList<ITransport> all) =>
        transport.Pace.Account.Length > 0 && all.Count(other => other.Name == transport.Name) > 1 ? $"{transport.Name} ({transport.Pace.Account})" : transport.Name;

    private LimitSet LimitsOf(SendingPlan plan, DomainRule rule, string name) => Together(
        [.. rule.Limits.Select(limit => Shared($"domain {name}", limit)), .. Days($"domain {name}", rule.WarmUp, plan.Zone)],
        $"{name}: all that its limits allow just now has gone ({Words(rule.Limits, rule.WarmUp)})");

    private static LimitSet Together(IReadOnlyList<ILimit> limits, string why) => limits.Count > 0 ? new(limits, why) : LimitSet.None;

    private static string Words(IReadOnlyList<PaceLimit> limits, WarmUp? warmUp) => string.Join(", ", [.. limits.Select(limit => limit.ToString()), .. warmUp is null ? (string[])[] : ["warm-up"]]);

    private ILimit Shared(string name, PaceLimit limit) => limits.GetOrAdd($"{name} {limit}", key => new SharedLimit(key, limit, Paces));

    private IEnumerable<ILimit> Days(string name, WarmUp? plan, TimeZoneInfo zone)
    {
        if (plan is not null)
            yield return limits.GetOrAdd(string.Create(CultureInfo.InvariantCulture, $"{name} from {plan.Start:yyyy-MM-dd} {string.Join(',', plan.PerDay)} {zone.Id}"), _ => new DayLimit(name, plan, zone, Paces));
    }

    private static void Share(List<Outlet> outlets)
    {
        var turns = new RelayTurns(outlets);
        for (var i = 0; i < outlets.Count; i++)
        {
            var which = i;
            outlets[i].HasTurn = now => turns.TryTake(which, now);
            outlets[i].LeavesTurn = () => turns.GiveBack(which);
        }
    }
}

/// <summary>What holds under one reading of the settings.</summary>
/// <param name="Plan">The settings.</param>
/// <param name="Outlets">The relays that carry our letters.</param>
/// <param name="Domains">The recipient domains.</param>
internal sealed record PaceSet(SendingPlan Plan, IReadOnlyList<Outlet> Outlets, DomainGates Domains);

/// <summary>Lets relays go by their weights.</summary>
internal sealed class RelayTurns(IReadOnlyList<Outlet> outlets)
{
    /// <summary>Nobody waits longer for one that is slow to take its part: it may hang on a letter.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Shares shares = new([.. outlets.Select(outlet => outlet.Transport.Pace.Weight)]);
    private readonly DateTimeOffset?[] waitingSince = new DateTimeOffset?[outlets.Count];

    public bool TryTake(int which, DateTimeOffset now)
    {
        if (shares.IsEven)
            return true;
        var isThere = outlets.Select(outlet => outlet.IsThere(now)).ToArray();
        lock (gate)
        {
            if (!shares.MayTake(which, i => isThere[i]) && !IsTired(which, now))
                return false;
            waitingSince[which] = null;
            shares.Took(which);
            return true;
        }
    }

    public void GiveBack(int which)
    {
        if (shares.IsEven)
            return;
        lock (gate)
            shares.GaveBack(which);
    }

    private bool IsTired(int which, DateTimeOffset now)
    {
        if (outlets[which].Transport.Pace.Weight == 0)
            return false;
        if (waitingSince[which] is { } since && since <= now)
            return now - since >= Patience;
        waitingSince[which] = now;
        return false;
    }
}

/// <summary>The sending hours by readers' own clocks, worked out for each zone once a minute, and when they begin and end.</summary>
internal sealed class ReaderHours
{
    private readonly ConcurrentDictionary<string, (SendingPlan Plan, DateTimeOffset At, DateTimeOffset Next, DateTimeOffset Until)> known = new(StringComparer.Ordinal);

    public DateTimeOffset? ClosedUntil(SendingPlan plan, string zone, DateTimeOffset now)
    {
        if (!known.TryGetValue(zone, out var last) || last.Plan != plan || now < last.At || now - last.At >= TimeSpan.FromMinutes(1) || now >= last.Until)
            known[zone] = last = Look(plan, Zones.Of(zone, plan.Zone), now);
        return last.Next > now ? last.Next : null;
    }

    private static (SendingPlan, DateTimeOffset, DateTimeOffset, DateTimeOffset) Look(SendingPlan plan, TimeZoneInfo zone, DateTimeOffset now)
    {
        var next = plan.Hours.Next(now, zone);
        return (plan, now, next, next > now ? next : plan.Hours.End(now, zone));
    }
}

/// <summary>Zones as readers have them: a name that nobody knows is none.</summary>
internal static class Zones
{
    public static TimeZoneInfo Of(string name, TimeZoneInfo otherwise) => name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : otherwise;
}
