using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary>Lists in and out.</summary>
internal static partial class SubscribersCommand
{
    private static Command CreateImport()
    {
        var file = new Argument<string>("file") { Description = "A CSV list with a header (email,name,…), or - for standard input." };
        var json = new Option<bool>("--json") { Description = "The tally as one JSON line." };
        var command = new Command("import", "Takes a list in. Bad rows are listed and lose none of the others; who left stays away.") { file, json };
        command.SetAction((args, ct) =>
        {
            var path = args.GetRequiredValue(file);
            return path != "-" && !File.Exists(path)
                ? Task.FromResult(Fail($"{path}: no such file; give a CSV list, or - for standard input"))
                : Door.RunAsync(args, (services, stop) => ImportAsync(services.GetRequiredService<Imports>(), path, args.GetValue(json), stop), ct);
        });
        return command;
    }

    private static async Task<int> ImportAsync(Imports imports, string path, bool json, CancellationToken ct)
    {
        await using var list = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        var bar = new ProgressLine(Console.Error, list is FileStream ? list.Length : null);
        try
        {
            var tally = await imports.TakeInAsync(list, path == "-" ? "standard input" : Path.GetFileName(path), Watch(bar, path), ct);
            bar.End();
            Console.Out.WriteLine(json ? SubscriberJson.Line(tally) : Words(tally));
            return tally.Bad > 0 ? ExitCode.InputHasErrors : ExitCode.Done;
        }
        catch (ImportOverException e)
        {
            bar.End();
            return Fail(e.Message);
        }
    }

    private static ImportWatch Watch(ProgressLine bar, string path)
    {
        static string Rows(ImportTally tally) => $"{tally.Rows.ToString("N0", CultureInfo.InvariantCulture)} rows";
        void Draw(Action draw)
        {
            lock (bar) // rows are read while others are written
                draw();
        }

        return new()
        {
            Begins = run => Draw(() =>
            {
                if (run.GoesOn)
                    bar.Say($"{path}: goes on where it stopped; {Rows(run.Tally)} are in");
            }),
            Bad = row => Draw(() => bar.Say($"{path}:{row.Line}: {row.Reason}")),
            Takes = (tally, position) => Draw(() => bar.Show(position, Rows(tally))),
        };
    }

    private static string Words(ImportTally tally) => string.Join(", ", new[]
    {
        $"{tally.Added} added", $"{tally.Updated} updated", $"{tally.Unchanged} unchanged", $"{tally.Doubles} double",
        $"{tally.LeftAlone.Values.Sum()} left alone" + (tally.LeftAlone.Count > 0 ? $" ({string.Join(", ", tally.LeftAlone.Select(pair => $"{pair.Value} {pair.Key}"))})" : ""),
        $"{tally.Bad} bad",
    }) + (tally.StandingKept > 0 ? $"; {tally.StandingKept} stand otherwise than the list says, which no list changes" : "");

    private static Command CreateExport()
    {
        var file = new Argument<string>("file") { Description = "The file to write, or - for standard output." };
        var json = new Option<bool>("--json") { Description = "JSON lines instead of CSV." };
        var command = new Command("export", "Writes everybody as a list that import reads.") { file, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var subscriptions = services.GetRequiredService<Subscriptions>();
            var count = 0L;
            async Task WriteAsync(TextWriter to) => count = await (args.GetValue(json) ? subscriptions.ExportJsonAsync(to, stop) : subscriptions.ExportAsync(to, stop));

            if (args.GetRequiredValue(file) is not "-" and var path)
            {
                await WholeFile.WriteAsync(path, WholeFile.Private, WriteAsync);
            }
            else
            {
                await using var output = Output();
                await WriteAsync(output);
            }
            return Done($"{count} subscribers written");
        }, ct));
        return command;
    }

    private static Command CreateList()
    {
        var state = new Option<string>("--state") { Description = "Only those who stand so; at-risk: still mailed, and their letters come back." };
        state.AcceptOnlyFromAmong([.. Enum.GetValues<SubscriptionState>().Select(each => each.Word()), AtRisk]);
        var json = new Option<bool>("--json") { Description = "One JSON line a subscriber." };
        var command = new Command("list", "Lists the subscribers: address, standing, since when, name.") { state, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var count = 0L;
            await using (var output = Output())
                await foreach (var subscriber in args.GetValue(state) is AtRisk ? AtRiskAsync(services, stop) : services.GetRequiredService<SubscriberStore>().ListAsync(SubscriptionStates.Read(args.GetValue(state)), stop))
                {
                    await output.WriteLineAsync(args.GetValue(json) ? SubscriberJson.Line(subscriber) : Line(subscriber));
                    count++;
                }
            return Done($"{count} subscribers");
        }, ct));
        return command;
    }

    private const string AtRisk = "at-risk";

    private static async IAsyncEnumerable<Subscriber> AtRiskAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken stop)
    {
        var (suspensions, subscribers, now) = (services.GetRequiredService<SuspensionStore>(), services.GetRequiredService<SubscriberStore>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        for (var after = new SubscriberId(0); await suspensions.AtRiskAsync(after, 500, now, stop) is { Count: > 0 } page; after = page[^1].Line.Subscriber)
            foreach (var (line, _) in page)
                if (await subscribers.FindAsync(line.Subscriber, stop) is { } subscriber)
                    yield return subscriber;
    }

    internal static string Line(Subscriber subscriber) => string.Join('\t',
        subscriber.Profile?.Address.Value ?? $"#{subscriber.Id.Value}", subscriber.State.Word(), SubscriberCsv.WriteInstant(subscriber.StateAt)[..10], subscriber.Profile?.Name);

    private static Command CreateShow()
    {
        var address = Address();
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("show", "Shows one subscriber and what happened to their standing.") { address, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var store = services.GetRequiredService<SubscriberStore>();
            if (Read(args.GetRequiredValue(address)) is not { } mailbox)
                return ExitCode.InputHasErrors;
            var barred = await store.FindSuppressionAsync(mailbox, stop);
            if (await store.FindAsync(mailbox, stop) is not { } subscriber)
                return Fail(Unknown(mailbox, barred));
            var history = await store.HistoryAsync(subscriber.Id, stop);
            var acts = await services.GetRequiredService<ReaderStore>().ActsAsync(subscriber.Id, stop);
            var bounces = await services.GetRequiredService<SuspensionStore>().OfAsync(subscriber.Id, services.GetRequiredService<TimeProvider>().GetUtcNow(), stop);
            var consents = await services.GetRequiredService<SignUpStore>().ConsentsAsync(subscriber.Id, mailbox, stop);
            var notes = await services.GetRequiredService<SubscriberEdits>().NotesAsync(subscriber.Id, stop);
            await using var output = Output();
            foreach (var line in args.GetValue(json) ? [SubscriberJson.Line(subscriber, barred, history, BounceText.Shape(bounces), acts, consents, notes.Select(Shape))] : Lines(subscriber, barred, history, acts).Concat(BounceText.Lines(bounces)).Concat(AgreedLines(consents)).Concat(Lines(notes)))
                await output.WriteLineAsync(line);
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static IEnumerable<string> Lines(Subscriber subscriber, Suppression? barred, IReadOnlyList<HistoryLine> history, IReadOnlyList<ReaderAct> acts)
    {
        var profile = subscriber.Profile!;
        var facts = new (string Name, string Value)[]
        {
            ("address", profile.Address.Value), ("name", profile.Name), ("state", subscriber.State.Word() + (subscriber.PausedUntil is { } until ? $" until {SubscriberCsv.WriteInstant(until)}" : "")), ("with us since", SubscriberCsv.WriteInstant(subscriber.CreatedAt)),
            ("source", profile.Source), ("language", profile.Language), ("time zone", profile.TimeZone), ("topics", string.Join(", ", profile.Topics)), ("topics left", string.Join(", ", profile.TopicsLeft)), ("tags", string.Join(", ", profile.Tags)),
            ("suppressed", barred is null ? "" : $"{SubscriberCsv.WriteInstant(barred.At)} {barred.Reason.ToString().ToLowerInvariant()} {barred.Evidence}"),
        };
        return facts.Concat(profile.Fields.Select(field => (Name: $"field {field.Key}", field.Value))).Where(fact => fact.Value.Length > 0)
            .Select(fact => $"{fact.Name + ":",-15} {PersonalText.OneLine(fact.Value, PersonalText.MaxValue)}")
            .Append("history:")
            .Concat(history.Select(line => (line.Change.At, Text: $"  {SubscriberCsv.WriteInstant(line.Change.At)}  {line.Change.To.Word(),-12}  {line.Change.Actor.ToString().ToLowerInvariant(),-6}  "
                    + PersonalText.OneLine($"{line.Change.Reason} {line.Change.Evidence}", PersonalText.MaxValue) + (line.Change.ReturnedMail is { } mail ? $" (newsletter inbox raw {mail})" : "")))
                .Concat(acts.Select(act => (act.At, Text: $"  {SubscriberCsv.WriteInstant(act.At)}  {act.Act,-12}  reader  {PersonalText.OneLine($"{act.Words} {act.Evidence}", PersonalText.MaxValue)}")))
                .OrderBy(line => line.At).Select(line => line.Text));
    }

    private static IEnumerable<string> AgreedLines(IReadOnlyList<Consent> consents) => consents.Count == 0 ? [] :
    [
        "agreed (all of it: newsletter subscribers consent):",
        .. consents.Select(consent => $"  {SubscriberCsv.WriteInstant(consent.ConfirmedAt ?? consent.AskedAt)}  {(consent.ConfirmedAt is null ? "asked" : "confirmed"),-12}  at the form {consent.Wording.Form}, words {consent.Wording.Hash[..12]}"),
    ];
}
