using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Cli;

/// <summary><c>schedule ISSUE --at TIME</c>: freezes an issue for a time; the worker (<c>serve</c>) sends it then.</summary>
internal static class ScheduleCommand
{
    public static Command Create()
    {
        var issue = IssueArgument.Create();
        var at = new Option<string>("--at") { Description = "When: 2026-12-01 08:30 in the publication's zone, 2026-12-01T08:30+01:00, or +2h from now (s, m, h, d).", Required = true };
        var priority = PriorityOption.Create();
        var command = new Command("schedule", "Freeze an issue and send it at a time. Editing the file later changes nothing of it.") { issue, at, priority };
        command.SetAction((args, ct) => Door.RunCheckedAsync(args, (services, stop) => ScheduleAsync(services, args.GetRequiredValue(issue), args.GetRequiredValue(at), args.GetValue(priority), stop), ct));
        return command;
    }

    private static async Task<int> ScheduleAsync(IServiceProvider services, string wanted, string at, Priority priority, CancellationToken ct)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(services.GetRequiredService<Publication>().TimeZone);
        var (now, local) = (services.GetRequiredService<TimeProvider>().GetUtcNow(), LocalText.Of(services));
        if (SendTime.Read(at, zone, now) is not { } due || due < now.AddMinutes(-1))
        {
            Console.Error.WriteLine($"newsletter: --at {at}: write a time to come, as 2026-12-01 08:30 (in {zone.Id}), 2026-12-01T08:30+01:00 or +2h{SendTime.Fault(at, zone, now)}");
            return ExitCode.WrongUsage;
        }
        Sandbox.Tell(services);
        if (await IssueArgument.RenderAsync(services, wanted, ct) is not { } issue)
            return ExitCode.InputHasErrors;

        var (edition, isNew) = await services.GetRequiredService<Editions>().ScheduleAsync(issue, new EditionPlan(due) { Priority = priority }, ct);
        if (!isNew)
        {
            Console.Error.WriteLine($"newsletter: this issue has edition {edition.Id.Value} already and nothing was changed; {What(edition, local)}");
            return ExitCode.InputHasErrors;
        }
        Console.Out.WriteLine($"Edition {edition.Id.Value}, {edition.Title}: scheduled for {local.Day(edition.DueAt)}.");
        Console.Error.WriteLine(edition.DueAt > due && services.GetRequiredService<EditionRules>().HoldWindow > TimeSpan.Zero
            ? $"No earlier: what was just made can be undone for {services.GetRequiredService<EditionRules>().HoldWindow:c} (Sending:HoldWindow). It goes out while newsletter serve is running."
            : "It goes out while newsletter serve is running.");
        NoRelay.Tell(services);
        return ExitCode.Done;
    }

    private static string What(Edition edition, LocalText local) => edition.State is EditionState.Complete
        ? $"it was sent on {local.Day(edition.StartedAt ?? edition.DueAt)}, and an issue goes out once"
        : $"it is {edition.State.ToString().ToLowerInvariant()}, for {local.Day(edition.DueAt)}; newsletter cancel {edition.Id.Value} makes way for another";
}

/// <summary>A time as a person writes it.</summary>
internal static class SendTime
{
    private static readonly string[] Local = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss"];
    private static readonly string[] Absolute = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>What is wrong with a time that cannot be taken, as the end of a sentence; empty where it is none.</summary>
    public static string Fault(string text, TimeZoneInfo zone, DateTimeOffset now) =>
        Read(text, zone, now) is not null ? "; this time has passed"
        : DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? $"; the clocks of {zone.Id} skip this time"
        : "";

    /// <summary>Null for what is no time, and for a local time that the clocks skip; one that they repeat is its first passing.</summary>
    public static DateTimeOffset? Read(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (text.Length > 2 && text[0] == '+' && double.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count < 100_000)
            return text[^1] switch { 's' => now.AddSeconds(count), 'm' => now.AddMinutes(count), 'h' => now.AddHours(count), 'd' => now.AddDays(count), _ => null };
        if (DateTime.TryParseExact(text, Local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return zone.IsInvalidTime(local) ? null : ZonedTime.Instant(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local), zone);
        return DateTimeOffset.TryParseExact(text, Absolute, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant.ToUniversalTime() : null;
    }
}
