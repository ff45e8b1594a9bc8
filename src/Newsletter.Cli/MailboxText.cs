using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>How mailboxes fare, in words.</summary>
internal static class MailboxText
{
    /// <summary>One mailbox as one machine sees it.</summary>
    public static string Line(MailboxState state, LocalText local) =>
        $"mailbox  {state.Name}: {(state.TroubleAt is { } since ? $"in trouble since {local.Minute(since)}: {(state.Trouble.StartsWith($"{state.Name}: ", StringComparison.Ordinal) ? state.Trouble[(state.Name.Length + 2)..] : state.Trouble)}" : $"read {(state.ReadAt is { } read ? local.Second(read) : "never")}")}"
        + (state.MailAt is { } mail ? string.Create(CultureInfo.InvariantCulture, $", {state.Mails} mails, the last {local.Minute(mail)}") : ", no mail yet") + $" ({state.Machine})";

    /// <summary>For <c>status</c>: the trouble, and mails that could not be handled.</summary>
    public static async Task WriteAsync(IServiceProvider services, CancellationToken ct)
    {
        foreach (var state in await services.GetRequiredService<MailboxStore>().StatesAsync(ct))
            if (state.TroubleAt is not null)
                Console.Out.WriteLine(Plain.Line(Line(state, LocalText.Of(services))));
        if (await services.GetRequiredService<ReturnedMailStore>().FindAsync(new() { IsFailed = true }, ct) is { Count: > 0 and var failed })
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"returned mail  {failed} could not be handled: newsletter returns --failed"));
    }
}
