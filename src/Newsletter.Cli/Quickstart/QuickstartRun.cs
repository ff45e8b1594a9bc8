using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Newsletter.Classifying;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>The rounds of the quickstart, one after the other, each with a line that says what is now true.</summary>
internal sealed class QuickstartRun(IServiceProvider services, PublicationFolder folder)
{
    private const int Ahead = 3;
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();
    private int step;

    /// <summary>The list that is imported.</summary>
    public static string ListOf(PublicationFolder folder) => Path.Combine(folder.Subscribers, "example.csv");

    public async Task<int> RunAsync(CancellationToken ct)
    {
        await ImportAsync(ct);
        if (await RenderAsync(ct) is not { } issue)
            return ExitCode.InputHasErrors;
        var (edition, isNew) = await ScheduleAsync(issue, ct);
        edition = await WaitAsync(edition, ct);
        if (edition.State is not EditionState.Complete)
        {
            await Console.Error.WriteLineAsync($"newsletter: edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()} ({edition.StateReason}); newsletter status {edition.Id.Value} shows it");
            return ExitCode.WorldFailed;
        }
        var taken = await ReturnAsync(edition, ct);
        await SummariseAsync(edition, isNew, taken, ct);
        return ExitCode.Done;
    }

    private async Task ImportAsync(CancellationToken ct)
    {
        await using var list = File.OpenRead(ListOf(folder));
        var tally = await services.GetRequiredService<Imports>().TakeInAsync(list, "example.csv", new() { Bad = row => Console.Error.WriteLine(row) }, ct);
        Say("Import", $"subscribers/example.csv: {tally.Added} added, {tally.Unchanged + tally.Updated + tally.LeftAlone.Values.Sum()} known already");
    }

    private async Task<RenderedIssue?> RenderAsync(CancellationToken ct)
    {
        var folderOfIssues = services.GetRequiredService<IssueFolder>();
        var path = folderOfIssues.Files()[0];
        var (issue, problems) = await folderOfIssues.RenderToSendAsync(path, ct);
        Findings.Write(Console.Error, $"issues/{Path.GetFileName(path)}", problems.Where(problem => problem.Severity > Severity.Info));
        if (issue is null || problems.Any(problem => problem.Severity == Severity.Error))
            return null;
        Say("Render", $"issues/{Path.GetFileName(path)}: \"{issue.Subject.Write(PersonalValues.Nobody)}\"");
        return issue;
    }

    private async Task<(Edition, bool IsNew)> ScheduleAsync(RenderedIssue issue, CancellationToken ct)
    {
        var (edition, isNew) = await services.GetRequiredService<Editions>().ScheduleAsync(issue, time.GetUtcNow().AddSeconds(Ahead), ct);
        if (edition.State is EditionState.Held)
            await services.GetRequiredService<EditionStore>().RescheduleAsync(edition.Id, time.GetUtcNow(), time.GetUtcNow(), ct);
        Say("Schedule", isNew || edition.StartedAt is null
            ? $"edition {edition.Id.Value}, in {Ahead} seconds, by Hangfire"
            : string.Create(CultureInfo.InvariantCulture, $"edition {edition.Id.Value} was sent before ({edition.StartedAt:yyyy-MM-dd HH:mm} UTC); nothing is sent twice"));
        return (edition, isNew || edition.StartedAt is null);
    }

    /// <summary>Hangfire starts and sends it; this only looks on.</summary>
    private async Task<Edition> WaitAsync(Edition edition, CancellationToken ct)
    {
        var waits = edition.State is EditionState.Scheduled or EditionState.Running or EditionState.Held;
        var store = services.GetRequiredService<EditionStore>();
        var deliveries = services.GetRequiredService<DeliveryStore>();
        var line = new SendingLine(Console.Error, !Console.IsErrorRedirected, time);
        var began = time.GetTimestamp();
        while (edition.State is EditionState.Scheduled or EditionState.Running || edition.IsInHoldWindow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, ct);
            edition = await store.FindAsync(edition.Id, ct) ?? edition;
            if (edition.State is EditionState.Running && await deliveries.TallyAsync(edition.Id, ct) is var tally)
                line.Report(new(tally, tally.Sent / Math.Max(0.1, time.GetElapsedTime(began).TotalSeconds), null, null));
        }
        line.Clear();
        var letters = $"outbox/{edition.Id.Value.ToString(CultureInfo.InvariantCulture)}/";
        Say("Send", waits ? $"{EditionWords.Numbers(await deliveries.TallyAsync(edition.Id, ct))}, into {letters}" : $"nothing: the letters lie in {letters}");
        return edition;
    }

    /// <summary>One reader's server knows them no more, another reader answers: both mails are put into the Maildir and read like any.</summary>
    private async Task<List<TakenMail>> ReturnAsync(Edition edition, CancellationToken ct)
    {
        var letters = Directory.GetFiles(Path.Combine(folder.Outbox, edition.Id.Value.ToString(CultureInfo.InvariantCulture)), "*.eml").Select(path => MimeMessage.Load(path, ct)).ToList();
        var bouncing = letters.FirstOrDefault(letter => letter.Headers["X-Receiver"]?.Contains("gone", StringComparison.Ordinal) == true) ?? letters[^1];
        await Maildir.DeliverAsync(folder.Inbox, $"quickstart-bounce-{edition.Id.Value}", QuickstartMail.Bounce(bouncing), ct);
        if (letters.FirstOrDefault(letter => letter != bouncing) is { } answered)
            await Maildir.DeliverAsync(folder.Inbox, $"quickstart-reply-{edition.Id.Value}", QuickstartMail.Reply(answered), ct);

        var taken = new List<TakenMail>();
        await services.GetRequiredService<Mailboxes>().ReceiveAsync(taken.Add, ct);
        Say("Receive", $"{taken.Count} mails from inbox/: {string.Join(", ", taken.Select(mail => mail.Mail.Kind))}{(taken.Count > 0 && taken.All(mail => mail.Handled is null) ? "; both came before, and nothing is done twice" : "")}");
        return taken;
    }

    private async Task SummariseAsync(Edition edition, bool isNew, List<TakenMail> taken, CancellationToken ct)
    {
        var subscribers = services.GetRequiredService<SubscriberStore>();
        var tally = await services.GetRequiredService<DeliveryStore>().TallyAsync(edition.Id, ct);
        Console.WriteLine();
        Console.WriteLine(isNew ? $"Edition {edition.Id.Value} is complete: {EditionWords.Numbers(tally)}." : $"Nothing was sent: edition {edition.Id.Value} was complete before ({EditionWords.Numbers(tally)}).");
        foreach (var mail in taken.Where(mail => mail.Delivery is not null))
            if (await subscribers.FindAsync(mail.Delivery!.Value.Subscriber, ct) is { } reader)
                Console.WriteLine($"  {mail.Mail.Kind,-7} {reader.Profile?.Address.Value}{(mail.Mail is ReturnedMail.Bounce ? $", now {reader.State.ToString().ToLowerInvariant()}: {mail.Mail.Evidence}" : ": stands in the inbox, and a copy went to the editor")}");
        Console.WriteLine($"""

            Where to look:
              outbox/{edition.Id.Value}/                      the letters, as a mail program would get them
              newsletter status {edition.Id.Value}            the tally, and whom it did not reach
              newsletter inbox               what readers wrote
              newsletter subscribers list    who is on the list, and why not
              newsletter serve               the archive, the unsubscribe page, the timetable
            """);
    }

    private void Say(string what, string words) => Console.WriteLine($"{++step}. {what,-9} {words}");
}
