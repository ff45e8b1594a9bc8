using System.Globalization;
using System.Text;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Letters go into a folder as <c>.eml</c> files, one a delivery: the relay of a first try-out, and of a mail server that picks up files.</summary>
/// <remarks>
/// <c>edition/subscriber.eml</c>, automatic mails in <c>notes</c>. The envelope stands before the letter as X-Sender and X-Receiver, which the pickup folders of
/// IIS and Exchange read; the signature does not cover them. A file appears whole or not at all, and a second attempt writes the same file.
/// </remarks>
public sealed class PickupTransport(string folder) : ITransport, ITransportConnection
{
    /// <inheritdoc/>
    public string Name => folder;

    /// <inheritdoc/>
    public int Connections => 1;

    /// <inheritdoc/>
    public ITransportConnection Open() => this;

    /// <inheritdoc/>
    public Task<SmtpOutcome?> OpenAsync(CancellationToken stop) => Task.FromResult<SmtpOutcome?>(Tried(folder, () => Directory.CreateDirectory(folder)));

    /// <inheritdoc/>
    public Task<SmtpOutcome> SendAsync(Letter letter)
    {
        var path = PathOf(letter);
        return Task.FromResult<SmtpOutcome>((SmtpOutcome?)Tried(path, () => Write(path, letter)) ?? new SmtpOutcome.Accepted(path));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string PathOf(Letter letter)
    {
        if (letter.Delivery is not { } delivery)
            return Path.Combine(folder, "notes", $"{FileName(letter.MessageId)}.eml");
        var edition = delivery.Edition.Value.ToString(CultureInfo.InvariantCulture);
        return Path.Combine(folder, edition, string.Create(CultureInfo.InvariantCulture, $"{delivery.Subscriber.Value}.eml"));
    }

    private static string FileName(string messageId) => string.Concat(messageId.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '_' ? c : '-'));

    private static void Write(string path, Letter letter)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".part";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.UTF8.GetBytes($"X-Sender: <{letter.Sender}>\r\nX-Receiver: <{letter.Recipient}>\r\n"));
                file.Write(letter.Header.Span);
                foreach (var piece in letter.Body)
                    file.Write(piece.Span);
                file.Flush(flushToDisk: true); // accepted means: it survives the power
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Null when it went well. Refused, not deferred: a disk gets no room by waiting, and no reader's letter may fail for want of it.</summary>
    private static SmtpOutcome.Refused? Tried(string path, Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (IOException e)
        {
            return new SmtpOutcome.Refused(null, null, $"cannot write {path}: {e.Message}", SmtpScope.Relay) { Remedy = "make room on that disk, and see that the folder is one" };
        }
        catch (UnauthorizedAccessException e)
        {
            return new SmtpOutcome.Refused(null, null, $"may not write {path}: {e.Message}", SmtpScope.Relay) { Remedy = "let the service's account write there, or set Relays" };
        }
    }
}
