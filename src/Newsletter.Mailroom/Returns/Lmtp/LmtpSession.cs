using System.Globalization;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>Takes a mail that a server hands over, for one recipient; when it returns, the mail is stored. Whatever it throws, the server is to bring it again.</summary>
internal delegate Task TakeFromLine(ReadOnlyMemory<byte> raw, string recipient);

/// <summary>One line of a mail server that hands mail over by LMTP (RFC 2033): after the message, one reply for each recipient, and not before it is stored.</summary>
internal sealed class LmtpSession(Stream line, LmtpBounds bounds, TakeFromLine take)
{
    private readonly LmtpReader reader = new(line, bounds);
    private readonly List<string> recipients = [];
    private string? sender;
    private bool isGreeted;
    private int faults;

    /// <summary>Speaks until the other side goes, is silent for too long, or we are told to stop; never within a message that is being stored.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await SayAsync("220 newsletter LMTP");
            while (await reader.CommandAsync(stop) is { } command)
                if (!await AnswerAsync(LmtpCommand.Read(command), stop))
                    return;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { await FarewellAsync("421 4.3.2 stopping; bring it again later"); }
        catch (TimeoutException) { await FarewellAsync("421 4.4.2 nothing came for too long"); }
        catch (InvalidDataException) { await FarewellAsync("421 4.3.4 that is too much"); }
        catch (IOException) { /* the other side is gone: what was not acknowledged comes again */ }
        finally { await reader.EndAsync(); }
    }

    /// <summary>False: the line is over.</summary>
    private async Task<bool> AnswerAsync(LmtpCommand command, CancellationToken stop)
    {
        switch (command.Verb)
        {
            case "DATA" when recipients.Count > 0:
                return await DataAsync(stop);
            case "QUIT":
                await SayAsync("221 2.0.0 goodbye");
                return false;
            default:
                var reply = Reply(command);
                await SayAsync(reply);
                if (reply[0] != '5' || ++faults < bounds.MaxFaults)
                    return true;
                await SayAsync("421 4.7.0 too many commands that are none");
                return false;
        }
    }

    private string Reply(LmtpCommand command) => command.Verb switch
    {
        "LHLO" => Greet(command.Rest),
        "MAIL" => Mail(command),
        "RCPT" => Recipient(command),
        "DATA" => "503 5.5.1 no recipient was accepted", // RFC 2033 §4.2
        "RSET" => Reset("250 2.0.0 forgotten"),
        "NOOP" => "250 2.0.0 still here",
        "VRFY" => "252 2.5.2 send it, and see",
        "HELO" or "EHLO" => "500 5.5.1 this is LMTP: say LHLO", // RFC 2033 §4.1
        _ => "500 5.5.2 no such command",
    };

    private string Greet(string name)
    {
        if (name.Length == 0)
            return "501 5.5.4 LHLO needs a name";
        isGreeted = true;
        return Reset(string.Create(CultureInfo.InvariantCulture, $"250-newsletter\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 SIZE {bounds.MaxSize}"));
    }

    private string Mail(LmtpCommand command)
    {
        if (!isGreeted || sender is not null)
            return isGreeted ? "503 5.5.1 one sender at a time" : "503 5.5.1 say LHLO first";
        if (command.Path("FROM:") is not { } path)
            return "501 5.1.7 write MAIL FROM:<address>";
        if (LmtpCommand.Size(path.Parameters) > bounds.MaxSize)
            return "552 5.3.4 too large";
        sender = path.Address;
        return "250 2.1.0 go on";
    }

    private string Recipient(LmtpCommand command)
    {
        if (sender is null)
            return "503 5.5.1 say MAIL first";
        if (command.Path("TO:") is not ({ Address.Length: > 0 } and var path))
            return "501 5.1.3 write RCPT TO:<address>";
        if (recipients.Count >= bounds.MaxRecipients)
            return "452 4.5.3 too many recipients; bring the others with another copy";
        recipients.Add(path.Address);
        return "250 2.1.5 go on";
    }

    private string Reset(string reply)
    {
        sender = null;
        recipients.Clear();
        return reply;
    }

    private async Task<bool> DataAsync(CancellationToken stop)
    {
        await SayAsync("354 end with a lone dot");
        if (await reader.MessageAsync(stop) is not { } message)
            return false;
        var raw = message.IsEmpty ? message : WithReturnPath(message);
        foreach (var recipient in recipients)
            await SayAsync(await TakeAsync(raw, recipient));
        Reset("");
        return true;
    }

    /// <summary>The store's troubles are nobody's business outside, and mostly over soon.</summary>
    private async Task<string> TakeAsync(ReadOnlyMemory<byte> raw, string recipient)
    {
        if (raw.IsEmpty)
            return "552 5.3.4 too large, or empty";
        try
        {
            await take(raw, recipient);
            return "250 2.0.0 stored";
        }
        catch (Exception) // said where the taking is done; whatever it is, a mail that is not stored must not be taken for delivered
        {
            return "451 4.3.0 it cannot be stored now; bring it again";
        }
    }

    /// <summary>Whoever delivers last writes down the envelope's sender (RFC 5321 §4.4): an empty one is a machine's mark.</summary>
    private byte[] WithReturnPath(ReadOnlyMemory<byte> message) => [.. Encoding.UTF8.GetBytes($"Return-Path: <{sender}>\r\n"), .. message.Span];

    private async Task SayAsync(string reply)
    {
        using var patience = new CancellationTokenSource(bounds.Silence);
        try
        {
            await line.WriteAsync(Encoding.ASCII.GetBytes($"{reply}\r\n"), patience.Token);
            await line.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new IOException("the other side reads nothing", e);
        }
    }

    private async Task FarewellAsync(string reply)
    {
        try { await SayAsync(reply); }
        catch (IOException) { /* gone already */ }
    }
}
