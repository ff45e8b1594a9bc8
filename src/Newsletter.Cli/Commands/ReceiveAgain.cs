using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>newsletter receive --again [MAIL…|--since TIME|--unmatched|--failed|--kind K] [--dry-run]</c>: stored mail is read by today's rules, and what differs is done or undone.</summary>
internal sealed class ReceiveAgain
{
    private readonly Option<bool> again = new("--again") { Description = "Reads stored mail once more, after a rule has changed: which, say numbers, --since, --unmatched, --failed or --kind." };
    private readonly Option<string?> since = new("--since") { Description = "With --again: mail that came since 2026-12-01 or 2026-12-01 08:30 (the publication's zone), or within 2d or 3h." };
    private readonly Option<bool> unmatched = new("--unmatched") { Description = "With --again: mail that proves no letter of ours, is not understood, or could not be handled." };
    private readonly Option<bool> failed = new("--failed") { Description = "With --again: mail that could not be handled." };
    private readonly Option<string?> kind = new("--kind") { Description = "With --again: mail of this kind (bounce, complaint, reply …), as it was read before." };
    private readonly Option<bool> rehearse = new("--dry-run") { Description = "With --again: says what would change, and changes nothing." };
    private readonly Argument<string[]> mails;
    private readonly Option<bool> json;

    public ReceiveAgain(Command command, Argument<string[]> mails, Option<bool> json)
    {
        (this.mails, this.json) = (mails, json);
        kind.AcceptOnlyFromAmong(MailKinds.All);
        foreach (var option in (Option[])[again, since, unmatched, failed, kind, rehearse])
            command.Options.Add(option);
    }

    public bool IsAsked(ParseResult args) => args.GetValue(again);

    public bool IsAsked(CommandResult args) => args.GetValue(again);

    /// <summary>What is wrong with how it is asked for; null: nothing.</summary>
    public string? Fault(CommandResult args)
    {
        var named = args.GetValue(mails) ?? [];
        var isNarrowed = args.GetValue(since) is not null || args.GetValue(unmatched) || args.GetValue(failed) || args.GetValue(kind) is not null;
        if (!args.GetValue(again))
            return isNarrowed || args.GetValue(rehearse) ? "--since, --unmatched, --failed, --kind and --dry-run go with --again" : null;
        if (named.FirstOrDefault(each => !long.TryParse(each, NumberStyles.None, CultureInfo.InvariantCulture, out _)) is { } odd)
            return $"--again {odd}: write the numbers of stored mails; newsletter returns lists them";
        return named.Length == 0 && !isNarrowed ? "--again: say which: numbers of mails, --since TIME, --unmatched, --failed or --kind K" : null;
    }

    public async Task<int> RunAsync(IServiceProvider services, ParseResult args, CancellationToken stop)
    {
        if (args.GetValue(since) is { } text && PastTime.Read(text, services) is null)
        {
            await Console.Error.WriteLineAsync($"newsletter: --since {text}: {PastTime.Remedy}");
            return ExitCode.WrongUsage;
        }
        var (filter, isRehearsal) = (Filter(services, args), args.GetValue(rehearse));
        var (read, changed, faults, missing) = (0, 0, 0, filter.Ids.ToHashSet());
        await foreach (var mail in services.GetRequiredService<SecondReading>().ReadAsync(filter, isRehearsal, stop))
        {
            read++;
            missing.Remove(mail.Id);
            changed += mail.Verdict is { IsChanged: true } ? 1 : 0;
            faults += mail.Fault is null ? 0 : 1;
            if (args.GetValue(json))
                Console.Out.WriteLine(JsonLine(mail, isRehearsal));
            else if (mail.Fault is not null || mail.Verdict is { IsChanged: true })
                Console.Out.WriteLine(Line(mail));
        }
        foreach (var id in missing)
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"newsletter: there is no mail {id} that can be read again; newsletter returns lists them"));
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{read} read again, {changed} {(isRehearsal ? "would change (--dry-run)" : "changed")}, {faults} could not be handled"));
        if (!isRehearsal && changed > 0)
            await services.GetRequiredService<OwedMail>().SendAsync(stop);
        return faults > 0 || missing.Count > 0 ? ExitCode.InputHasErrors : ExitCode.Done;
    }

    private MailFilter Filter(IServiceProvider services, ParseResult args) => new()
    {
        Ids = (args.GetValue(mails) ?? []).Select(each => long.Parse(each, CultureInfo.InvariantCulture)).ToList(),
        Since = args.GetValue(since) is { } text ? PastTime.Read(text, services) : null,
        IsUnmatched = args.GetValue(unmatched),
        IsFailed = args.GetValue(failed),
        Kind = args.GetValue(kind) ?? "",
    };

    private static string Line(MailReadAgain mail) => mail is { Verdict: { } verdict, Fault: null }
        ? string.Create(CultureInfo.InvariantCulture, $"{mail.Id}: {Words(verdict.Before)} -> {Words(verdict.After)}: {Plain.Line(verdict.After.Outcome)}")
        : string.Create(CultureInfo.InvariantCulture, $"{mail.Id}: could not be handled ({Plain.Line(mail.Fault ?? "")})");

    private static string Words(MailReading reading) => reading.Kind.Length == 0 ? "not handled" : $"{reading.Kind}, {reading.Consequence}";

    private static string JsonLine(MailReadAgain mail, bool isRehearsal) => JsonSerializer.Serialize(new
    {
        id = mail.Id,
        changed = mail.Verdict?.IsChanged ?? false,
        rehearsal = isRehearsal,
        before = mail.Verdict is { } one ? Fields(one.Before) : null,
        after = mail.Verdict is { } other ? Fields(other.After) : null,
        error = mail.Fault ?? "",
    }, CliJson.Options);

    private static object Fields(MailReading reading) => new
    {
        reading.Kind, reading.Consequence, reading.Outcome, reading.Evidence, edition = reading.Delivery?.Edition.Value, subscriber = reading.Delivery?.Subscriber.Value,
    };
}
