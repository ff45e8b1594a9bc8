using System.Net.Security;
using System.Text;

namespace Newsletter.Testing;

/// <summary>One connection to <see cref="LoopbackSmtp"/>, from greeting to QUIT.</summary>
internal sealed class SmtpConversation(LoopbackSmtp server, int number, Stream stream) : IAsyncDisposable
{
    private readonly List<string> recipients = [];
    private readonly SmtpVoice voice = new(server.SpeaksOctetByOctet);
    private SmtpLines lines = new(stream);
    private bool encrypted;
    private bool greeted;
    private bool known = server.Credentials is null;
    private int transactions;
    private string? sender;
    private bool answered; // a letter, before its end
    private string senderParameters = "";

    /// <summary>Closes the connection the hard way.</summary>
    public required Action Cut { get; init; }

    public async Task RunAsync(CancellationToken ct)
    {
        if (server.Tls is LoopbackTls.FromTheStart && !await EncryptAsync(ct))
            return;
        if (!await SayAsync(LoopbackStage.Greeting, "", "220 loopback.test ESMTP", ct))
            return;
        while (await lines.ReadTextAsync(ct) is { } line)
        {
            var verb = line.Split(' ', 2)[0].ToUpperInvariant();
            server.Note(number, verb is "AUTH" ? verb : line);
            if (!await AnswerAsync(verb, line, ct))
                return;
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // Every answer is whether the conversation goes on.
    private Task<bool> AnswerAsync(string verb, string line, CancellationToken ct) => verb switch
    {
        "EHLO" or "HELO" => HelloAsync(verb, ct),
        "STARTTLS" => StartTlsAsync(ct),
        "AUTH" => AuthAsync(line, ct),
        "MAIL" => SenderAsync(line, ct),
        "RCPT" => RecipientAsync(line, ct),
        "DATA" => DataAsync(ct),
        "BDAT" when server.TakesChunks => ChunkAsync(line, ct),
        "RSET" => ResetAsync(ct),
        "NOOP" => WriteAsync("250 2.0.0 OK", ct),
        "QUIT" => QuitAsync(ct),
        _ => WriteAsync("500 5.5.1 no such command here", ct),
    };

    private async Task<bool> HelloAsync(string verb, CancellationToken ct)
    {
        Forget();
        greeted = false;
        if (verb is "HELO")
            return await SayAsync(LoopbackStage.Hello, "", "250 loopback.test", ct, () => greeted = true);
        string[] offers =
        [
            "loopback.test", .. server.Pipelines ? ["PIPELINING"] : (string[])[], .. server.TakesChunks ? ["CHUNKING"] : (string[])[], server.HidesMaxSize ? "SIZE" : $"SIZE {server.MaxSize}", "8BITMIME", "DSN", "ENHANCEDSTATUSCODES",
            .. server.Tls is LoopbackTls.Offered && !encrypted ? ["STARTTLS"] : (string[])[],
            .. server.Credentials is null ? (string[])[] : ["AUTH PLAIN LOGIN"],
        ];
        return await SayAsync(LoopbackStage.Hello, "", string.Join("\r\n", offers.Select((offer, i) => $"250{(i < offers.Length - 1 ? '-' : ' ')}{offer}")), ct, () => greeted = true);
    }

    private async Task<bool> StartTlsAsync(CancellationToken ct)
    {
        if (server.Tls is not LoopbackTls.Offered || encrypted)
            return await WriteAsync("503 5.5.1 not offered", ct);
        var agreed = false;
        if (!await SayAsync(LoopbackStage.StartTls, "", "220 2.0.0 go on", ct, () => agreed = true))
            return false;
        greeted = !agreed;
        return !agreed || await EncryptAsync(ct);
    }

    private async Task<bool> EncryptAsync(CancellationToken ct)
    {
        if (!await SayAsync(LoopbackStage.Handshake, "", "", ct))
            return false;
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server.Certificate }, ct);
        // What was sent in the clear behind STARTTLS is thrown away with the old buffer, else it would count as encrypted.
        (stream, lines, encrypted) = (secure, new SmtpLines(secure), true);
        return true;
    }

    private async Task<bool> AuthAsync(string line, CancellationToken ct)
    {
        if (server.Credentials is not { } credentials)
            return await WriteAsync("503 5.5.1 not offered", ct);
        var given = line.Split(' ') switch
        {
            [_, var how, var initial] when how.Equals("PLAIN", StringComparison.OrdinalIgnoreCase) => Plain(initial),
            [_, var how] when how.Equals("PLAIN", StringComparison.OrdinalIgnoreCase) => Plain(await AskAsync("", ct)),
            [_, var how] when how.Equals("LOGIN", StringComparison.OrdinalIgnoreCase) =>
                (Decode(await AskAsync("VXNlcm5hbWU6", ct)), Decode(await AskAsync("UGFzc3dvcmQ6", ct))),
            [_, var how, var user] when how.Equals("LOGIN", StringComparison.OrdinalIgnoreCase) => (Decode(user), Decode(await AskAsync("UGFzc3dvcmQ6", ct))),
            _ => ("", ""),
        };
        known = false;
        return await SayAsync(LoopbackStage.Auth, "", given == credentials ? "235 2.7.0 welcome" : "535 5.7.8 wrong user or password", ct, () => known = true);
    }

    private async Task<bool> SenderAsync(string line, CancellationToken ct)
    {
        if (!greeted || sender is not null)
            return await WriteAsync("503 5.5.1 EHLO first, and one MAIL at a time", ct);
        if (!known)
            return await WriteAsync("530 5.7.0 AUTH first", ct);
        if (Path(line, "MAIL FROM:") is not var (from, parameters))
            return await WriteAsync("501 5.5.4 MAIL FROM:<address>", ct);
        transactions++;
        (sender, senderParameters) = (from, parameters);
        var accepted = false;
        var goesOn = await SayAsync(LoopbackStage.Sender, "", "250 2.1.0 OK", ct, () => accepted = true);
        if (!accepted)
            Forget();
        return goesOn;
    }

    private async Task<bool> RecipientAsync(string line, CancellationToken ct)
    {
        if (sender is null)
            return await WriteAsync("503 5.5.1 MAIL first", ct);
        if (Path(line, "RCPT TO:") is not var (to, _) || to.Length == 0)
            return await WriteAsync("501 5.5.4 RCPT TO:<address>", ct);
        return await SayAsync(LoopbackStage.Recipient, to, "250 2.1.5 OK", ct, () => recipients.Add(to));
    }

    private async Task<bool> DataAsync(CancellationToken ct)
    {
        if (recipients.Count == 0)
            return await WriteAsync(sender is null ? "503 5.5.1 MAIL first" : "554 5.5.1 no valid recipient", ct);
        var accepted = false;
        if (!await SayAsync(LoopbackStage.Data, recipients[0], "354 end with a dot", ct, () => accepted = true))
            return false;
        if (!accepted)
            return true;
        var reader = Reader(ct);
        return await reader.ReadAsync(lines, ct) && await TakeAsync(reader, ct);
    }

    // RFC 3030 §2: the octets follow whatever becomes of the command, and are to be read.
    private async Task<bool> ChunkAsync(string line, CancellationToken ct)
    {
        if (line.Split(' ') is not [_, var count, "LAST"] || !int.TryParse(count, out var octets))
            return await WriteAsync("501 5.5.4 BDAT octets LAST", ct);
        var reader = Reader(ct);
        if (!await reader.ReadAsync(lines, octets, ct))
            return false;
        if (recipients.Count == 0)
            return await WriteAsync(sender is null ? "503 5.5.1 MAIL first" : "554 5.5.1 no valid recipient", ct);
        return server.Script(new(LoopbackStage.Data, number, transactions, sender!, recipients[0], server.Kept)) is { } answer
            ? await SayAsync(LoopbackStage.Data, answer, "", ct)
            : await TakeAsync(reader, ct);
    }

    private SmtpLetterReader Reader(CancellationToken ct)
    {
        answered = false;
        return new(server.KeepsBytes, senderParameters.Contains("BODY=8BITMIME", StringComparison.OrdinalIgnoreCase), server.MaxSize)
        {
            Begun = () => recipients.Count == 0 ? Task.FromResult(true) : SayAsync(LoopbackStage.Body, recipients[0], "", ct),
        };
    }

    private async Task<bool> TakeAsync(SmtpLetterReader reader, CancellationToken ct)
    {
        if (answered)
        {
            Forget();
            return true;
        }
        var letter = new ReceivedLetter(number, sender!, senderParameters, [.. recipients], reader.MessageId, reader.Size, reader.Bytes);
        var goesOn = await SayAsync(LoopbackStage.Letter, recipients[0], reader.Refusal ?? "250 2.0.0 kept", ct, () => server.Keep(letter));
        Forget();
        return goesOn;
    }

    private Task<bool> ResetAsync(CancellationToken ct) => SayAsync(LoopbackStage.Reset, "", "250 2.0.0 OK", ct, Forget);

    private async Task<bool> QuitAsync(CancellationToken ct)
    {
        await WriteAsync("221 2.0.0 bye", ct);
        return false;
    }

    private void Forget()
    {
        (sender, senderParameters) = (null, "");
        recipients.Clear();
    }

    /// <summary>Says what the script says, else the usual; <paramref name="accept"/> is done before a reply that accepts.</summary>
    private Task<bool> SayAsync(LoopbackStage stage, string to, string usual, CancellationToken ct, Action? accept = null) =>
        SayAsync(stage, server.Script(new(stage, number, transactions, sender ?? "", to, server.Kept)), usual, ct, accept);

    private async Task<bool> SayAsync(LoopbackStage stage, LoopbackAnswer? answer, string usual, CancellationToken ct, Action? accept = null)
    {
        switch (answer)
        {
            case LoopbackAnswer.HangUp:
                return false;
            case LoopbackAnswer.KeepAndHangUp:
                accept?.Invoke();
                return false;
            case LoopbackAnswer.Stall:
                // Until the client gives up and closes, or the test ends the server.
                while (await lines.ReadAsync(ct) is not null) { }
                return false;
            case LoopbackAnswer.Reset:
                Cut();
                return false;
            case LoopbackAnswer.GoDeaf(var line):
                await SpeakAsync(line, accept, ct);
                await Task.Delay(Timeout.Infinite, ct);
                return false;
            case LoopbackAnswer.Flood(var line):
                while (await WriteAsync(line, ct)) { }
                return false;
            case LoopbackAnswer.ReplyAndHangUp(var line):
                await SpeakAsync(line, accept, ct);
                return false;
            case LoopbackAnswer.Reply(var line):
                answered = stage is LoopbackStage.Body;
                return await SpeakAsync(line, accept, ct);
            case LoopbackAnswer.Octets(var text):
                answered = stage is LoopbackStage.Body;
                return await voice.SayAsync(stream, text, ct);
            case LoopbackAnswer.Wait(var time):
                await Task.Delay(time, ct);
                return await SpeakAsync(usual, accept, ct);
            case LoopbackAnswer.WaitFor(var what):
                await what.WaitAsync(ct);
                return await SpeakAsync(usual, accept, ct);
            default:
                return await SpeakAsync(usual, accept, ct);
        }
    }

    // Kept first, then said: a client that was told 250 and dies at once has its letter here.
    private Task<bool> SpeakAsync(string line, Action? accept, CancellationToken ct)
    {
        if (line is "" or ['2', ..] or "354 end with a dot")
            accept?.Invoke();
        return line.Length > 0 ? WriteAsync(line, ct) : Task.FromResult(true);
    }

    private Task<bool> WriteAsync(string line, CancellationToken ct) => voice.SayAsync(stream, server.Phrasing(line) + "\r\n", ct);

    private async Task<string> AskAsync(string prompt, CancellationToken ct)
    {
        await WriteAsync("334 " + prompt, ct);
        return await lines.ReadTextAsync(ct) ?? "";
    }

    // RFC 4616: authorization identity NUL user NUL password.
    private static (string, string) Plain(string encoded) => Decode(encoded).Split('\0') is [_, var user, var password] ? (user, password) : ("", "");

    private static string Decode(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : "";
    }

    /// <summary>The address between angle brackets and what stands behind it.</summary>
    private static (string Address, string Parameters)? Path(string line, string verb)
    {
        if (!line.StartsWith(verb, StringComparison.OrdinalIgnoreCase))
            return null;
        var rest = line[verb.Length..].TrimStart();
        var close = rest.IndexOf('>', StringComparison.Ordinal);
        return rest.StartsWith('<') && close > 0 ? (rest[1..close], rest[(close + 1)..].Trim()) : null;
    }
}
