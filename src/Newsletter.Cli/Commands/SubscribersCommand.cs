using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>newsletter subscribers …</c>: the list, and one subscriber.</summary>
internal static partial class SubscribersCommand
{
    private const string Copies = "Copies that this does not reach, to be deleted by hand: mail that was read, in its mailbox (Maildir .Processed and .Unmatched, IMAP Processed and Unmatched); files in outbox/; lists that were exported; backups; replies in the editor's own mailbox.";

    public static Command Create() => new("subscribers", "The list: import, export, add, list, show, consent, edit, data, unsubscribe, pause, resume, remove.")
    {
        CreateImport(),
        CreateImports(),
        SegmentCommand.Create(),
        CreateExport(),
        CreateAdd(),
        CreateList(),
        CreateShow(),
        CreateConsent(),
        CreateEdit(),
        CreateData(),
        CreateUnsubscribe(),
        CreatePause(),
        CreateResume(),
        CreateRemove(),
    };

    private static Command CreateAdd()
    {
        var address = Address();
        var name = new Option<string>("--name") { Description = "The subscriber's name." };
        var tags = new Option<string[]>("--tag") { Description = "A tag. May be repeated." };
        var command = new Command("add", "Adds one subscriber, active from now on.") { address, name, tags };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (Read(args.GetRequiredValue(address)) is not { } mailbox)
                return ExitCode.InputHasErrors;
            var profile = new Profile(mailbox) { Name = args.GetValue(name) ?? "", Tags = args.GetValue(tags) ?? [], Source = "command" };
            return Said(mailbox, await services.GetRequiredService<Subscriptions>().AddAsync(profile, "added by command", stop));
        }, ct));
        return command;
    }

    private static Command CreateUnsubscribe()
    {
        var address = Address();
        var why = new Option<string>("--why") { Description = "The reason; it stands in the history.", DefaultValueFactory = _ => "by command" };
        var command = new Command("unsubscribe", "Ends a subscription. No import revives it.") { address, why };
        command.SetAction((args, ct) => ChangeAsync(args, address, (subscriptions, id, stop) =>
            subscriptions.UnsubscribeAsync(id, args.GetRequiredValue(why), Actor.Editor, "", null, stop), ct));
        return command;
    }

    private static Command CreatePause()
    {
        var address = Address();
        var until = new Option<string>("--until") { Description = "The day on which it goes on by itself, as 2026-12-24; without one it goes on when the reader or resume says so." };
        var why = new Option<string>("--why") { Description = "The reason; it stands in the history.", DefaultValueFactory = _ => "by command" };
        var command = new Command("pause", "Keeps letters back until a day.") { address, until, why };
        until.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<string>() is { } text && ReadDay(text) is null)
                option.AddError($"--until {PersonalText.OneLine(text, 40)}: write a day, as 2026-12-24");
        });
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var (reason, end) = (args.GetRequiredValue(why), (DateTimeOffset?)null);
            if (ReadDay(args.GetValue(until)) is { } day)
            {
                var preferences = services.GetRequiredService<Preferences>();
                if (day <= preferences.Today)
                    return Fail(string.Create(CultureInfo.InvariantCulture, $"--until {day:yyyy-MM-dd}: write a day to come, as {preferences.Today.AddDays(14):yyyy-MM-dd}"));
                (reason, end) = (string.Create(CultureInfo.InvariantCulture, $"{reason}, until {day:yyyy-MM-dd}"), preferences.Begin(day));
            }
            return await ChangeAsync(services, args.GetRequiredValue(address), (subscriptions, id, token) => subscriptions.PauseAsync(id, end, reason, token), stop);
        }, ct));
        return command;
    }

    private static DateOnly? ReadDay(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static Command CreateResume()
    {
        var address = Address();
        var why = new Option<string>("--why") { Description = "The incident that is taken back, or how the reader asked for it; it stands in the history.", Required = true };
        var complained = new Option<bool>("--although-complained") { Description = "Also where the reader has complained: they have asked for it since." };
        why.Validators.Add(option =>
        {
            if (string.IsNullOrWhiteSpace(option.GetValueOrDefault<string>()))
                option.AddError("--why: say what is taken back, for example --why \"wrongly bounced on 3 May\"");
        });
        var command = new Command("resume", "Takes back what ended or paused a subscription: active again.") { address, why, complained };
        command.SetAction((args, ct) => ChangeAsync(args, address, (subscriptions, id, stop) => subscriptions.ResumeAsync(id, args.GetRequiredValue(why), stop), ct,
            before => before.State is SubscriptionState.Complained && !args.GetValue(complained) ? $"they complained on {Day(before)}; where they have asked for it themselves: --although-complained" : null));
        return command;
    }

    private static Command CreateRemove()
    {
        var address = Address();
        var why = new Option<string>("--why") { Description = "The reason; it stands in the history, so let it name nobody.", DefaultValueFactory = _ => "by command" };
        var command = new Command("remove", "Forgets a person for good: name, address and fields are blanked, and no import brings the address back.") { address, why };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
            Read(args.GetRequiredValue(address)) is { } mailbox ? await RemoveAsync(services, mailbox, args.GetRequiredValue(why), stop) : ExitCode.InputHasErrors, ct));
        return command;
    }

    private static async Task<int> RemoveAsync(IServiceProvider services, EmailAddress address, string why, CancellationToken stop)
    {
        var (store, subscriptions) = (services.GetRequiredService<SubscriberStore>(), services.GetRequiredService<Subscriptions>());
        if (await store.FindAsync(address, stop) is { } subscriber)
            Said(address, await subscriptions.EraseAsync(subscriber.Id, why, stop), SubscriptionState.Erased);
        else if (await subscriptions.ForgetAsync(address, stop) is { Mails: var mails, Wishes: var wishes } && mails + wishes > 0)
            Done(string.Create(CultureInfo.InvariantCulture, $"forgotten: {mails} {(mails == 1 ? "mail" : "mails")}{(wishes > 0 ? $" and {wishes} {(wishes == 1 ? "sign-up" : "sign-ups")}" : "")} by or about an address that is no subscriber's"));
        else
            return Fail(Unknown(address, await store.FindSuppressionAsync(address, stop)));
        return Done(Copies);
    }

    private static Argument<string> Address() => new("address") { Description = "The subscriber's mail address." };

    private static Task<int> ChangeAsync(
        ParseResult args, Argument<string> address, Func<Subscriptions, SubscriberId, CancellationToken, Task<ChangeOutcome>> change, CancellationToken ct, Func<Subscriber, string?>? refusal = null) =>
        Door.RunAsync(args, (services, stop) => ChangeAsync(services, args.GetRequiredValue(address), change, stop, refusal), ct);

    private static async Task<int> ChangeAsync(
        IServiceProvider services, string address, Func<Subscriptions, SubscriberId, CancellationToken, Task<ChangeOutcome>> change, CancellationToken stop, Func<Subscriber, string?>? refusal = null)
    {
        if (Read(address) is not { } mailbox)
            return ExitCode.InputHasErrors;
        var store = services.GetRequiredService<SubscriberStore>();
        if (await store.FindAsync(mailbox, stop) is not { } subscriber)
            return Fail(Unknown(mailbox, await store.FindSuppressionAsync(mailbox, stop)));
        if (refusal?.Invoke(subscriber) is { } words)
            return Fail($"{mailbox}: {words}");
        var outcome = await change(services.GetRequiredService<Subscriptions>(), subscriber.Id, stop);
        return Said(mailbox, outcome, (await store.FindAsync(subscriber.Id, stop))!.State, $", no longer {subscriber.State.Word()} (since {Day(subscriber)})");
    }

    private static EmailAddress? Read(string text)
    {
        var address = EmailAddress.Read(text);
        if (address is null)
            Fail($"{PersonalText.OneLine(text, 80)} is no mail address; write it as reader@example.org");
        return address;
    }

    private static int Said(EmailAddress address, Addition addition) => addition switch
    {
        Addition.Added => Done($"{address}: added, active"),
        Addition.AlreadyThere { Subscriber.State: var state } when state.IsEnded() =>
            Fail($"{address} is {state.Word()}; only the reader comes back, or an incident is taken back with: subscribers resume {address} --why INCIDENT"),
        Addition.AlreadyThere there => Done($"{address}: there already, {there.Subscriber.State.Word()}; nothing changed"),
        Addition.Suppressed barred => Fail(Unknown(address, barred.Suppression)),
        Addition.OfOurs => Fail($"{address} is an address of this newsletter's own, no reader's; add the address at which the reader gets mail"),
        _ => throw new System.Diagnostics.UnreachableException(addition.GetType().Name),
    };

    private static int Said(EmailAddress address, ChangeOutcome outcome, SubscriptionState now, string before = "") => outcome switch
    {
        ChangeOutcome.Changed when now is SubscriptionState.Erased => Done("forgotten: the address cannot be imported again"),
        ChangeOutcome.Changed => Done($"{address}: {now.Word()}{before}"),
        ChangeOutcome.AlreadySo => Done($"{address}: {now.Word()} already; nothing changed"),
        ChangeOutcome.Suppressed => Fail($"{address} is suppressed by a person of the house; nothing changed"),
        _ => Fail($"{address} is {now.Word()}, and from there this cannot be done; nothing changed"),
    };

    private static string Day(Subscriber subscriber) => SubscriberCsv.WriteInstant(subscriber.StateAt)[..10];

    private static string Unknown(EmailAddress address, Suppression? suppression) => suppression is { } barred
        ? $"{address} gets no mail whoever asks ({barred.Reason.ToString().ToLowerInvariant()}, {SubscriberCsv.WriteInstant(barred.At)[..10]})"
        : $"{address} is no subscriber; see: subscribers list";

    private static int Done(string words)
    {
        Console.Error.WriteLine(words);
        return ExitCode.Done;
    }

    private static int Fail(string words)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return ExitCode.InputHasErrors;
    }

    /// <summary>Standard output as bytes of UTF-8, whatever the terminal's locale.</summary>
    internal static StreamWriter Output() => new(Console.OpenStandardOutput(), bufferSize: 64 * 1024);
}
