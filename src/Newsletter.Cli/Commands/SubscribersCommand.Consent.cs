using System.CommandLine;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>newsletter subscribers consent</c>: what shows that somebody has agreed.</summary>
internal static partial class SubscribersCommand
{
    private static Command CreateConsent()
    {
        var address = Address();
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var to = new Option<FileInfo?>("--out") { Description = "Writes a page of HTML that proves it, to be kept or printed." };
        var command = new Command("consent", "Shows what somebody agreed to: the words, when and from where they asked and confirmed, and how they have stood since.") { address, json, to };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var store = services.GetRequiredService<SubscriberStore>();
            if (Read(args.GetRequiredValue(address)) is not { } mailbox)
                return ExitCode.InputHasErrors;
            if (await store.FindAsync(mailbox, stop) is not { } subscriber)
                return Fail(Unknown(mailbox, await store.FindSuppressionAsync(mailbox, stop)));
            var consents = await services.GetRequiredService<SignUpStore>().ConsentsAsync(subscriber.Id, mailbox, stop);
            var history = await store.HistoryAsync(subscriber.Id, stop);
            if (args.GetValue(to) is { } file)
                return await ProveAsync(services, file.FullName, subscriber, consents, history, stop);
            await using var output = Output();
            foreach (var line in args.GetValue(json) ? [SubscriberJson.Line(subscriber, null, history, consents: consents)] : ConsentLines(consents))
                await output.WriteLineAsync(line);
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static async Task<int> ProveAsync(IServiceProvider services, string path, Subscriber subscriber, IReadOnlyList<Consent> consents, IReadOnlyList<HistoryLine> history, CancellationToken stop)
    {
        await services.GetRequiredService<Acts>().NoteAsync(new("subscribers consent", subscriber.Id), stop); // first: nothing leaves without its line
        OutputFiles.Write("--out", path, Encoding.UTF8.GetBytes(ConsentProof.Html(services.GetRequiredService<Publication>(), subscriber, consents, history, services.GetRequiredService<TimeProvider>().GetUtcNow())));
        return Done($"written: {path}");
    }

    /// <summary>For a terminal; words of several lines are drawn together.</summary>
    private static IEnumerable<string> ConsentLines(IReadOnlyList<Consent> consents) => consents.Count == 0
        ? ["no sign-up by a form is known; how the address came: newsletter subscribers show"]
        : consents.SelectMany(consent => consent.Facts.Select(fact => $"{fact.Name + ":",-22} {Plain.Line(fact.Value)}").Append("")).SkipLast(1);
}
