using System.Text.Json;

namespace Newsletter.Mailroom;

/// <summary>The access tokens of one mailbox: got when they are needed, kept in memory until shortly before they end, never logged.</summary>
/// <remarks>Where the provider gives a new refresh token with the access token, the old one may end: the new one is kept in the store, sealed, for all workers.</remarks>
internal sealed class AccessTokens(OAuth2Options options, string mailbox, KeptTokens kept, HttpMessageInvoker http, TimeProvider clock) : IDisposable
{
    private const int MaxAnswer = 64 * 1024;

    /// <summary>A token that ends while one signs in would be refused.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim one = new(1, 1);
    private volatile Token? token;

    /// <summary>A token that holds.</summary>
    /// <exception cref="MailboxException">The provider gives none; the message says why and what to do.</exception>
    public async Task<string> GetAsync(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (token is { } has && clock.GetUtcNow() < has.Ends - Margin)
                return has.Value;
            var fresh = await FetchAsync(stop);
            token = fresh;
            return fresh.Value;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The server refused this one: the next is a new one.</summary>
    public void Drop(string refused)
    {
        if (token is { } has && has.Value == refused)
            token = null;
    }

    public void Dispose() => one.Dispose();

    /// <summary>Another worker may have got a new refresh token meanwhile, and ours ended by that: then once more with theirs.</summary>
    private async Task<Token> FetchAsync(CancellationToken stop)
    {
        var refresh = await kept.FindAsync(mailbox, options.RefreshToken, stop);
        var answer = await AskAsync(refresh, stop);
        if (answer.Error == "invalid_grant" && await kept.FindAsync(mailbox, options.RefreshToken, stop) is var newer && newer != refresh)
            answer = await AskAsync(newer, stop);
        if (answer.AccessToken.Length == 0)
            throw new MailboxException($"{mailbox}: no access token: {Words(answer.Error)}");
        if (answer.RefreshToken.Length > 0 && answer.RefreshToken != refresh)
            await kept.KeepAsync(mailbox, options.RefreshToken, answer.RefreshToken, clock.GetUtcNow());
        return new(answer.AccessToken, clock.GetUtcNow() + answer.For);
    }

    private async Task<Answer> AskAsync(string refresh, CancellationToken stop)
    {
        var form = new Dictionary<string, string> { ["client_id"] = options.ClientId };
        if (options.ClientSecret.Length > 0)
            form["client_secret"] = options.ClientSecret;
        if (options.ActualScope.Length > 0)
            form["scope"] = options.ActualScope;
        form["grant_type"] = refresh.Length > 0 ? "refresh_token" : "client_credentials";
        if (refresh.Length > 0)
            form["refresh_token"] = refresh;
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Endpoint) { Content = new FormUrlEncodedContent(form) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            return Answer.Read(await BodyAsync(response, patience.Token), (int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new MailboxException($"{mailbox}: {new Uri(options.Endpoint).Host} cannot be asked for an access token ({(e is OperationCanceledException ? "no answer in time" : e.Message)}); see that this machine reaches it", e);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var body = new byte[MaxAnswer];
        return body[..await stream.ReadAtLeastAsync(body, MaxAnswer, throwOnEndOfStream: false, stop)];
    }

    private static string Words(string error) => error switch
    {
        "invalid_grant" => "the refresh token holds no more; have the account's owner agree again and set OAuth2:RefreshToken",
        "invalid_client" or "unauthorized_client" => "the provider does not know the application or its secret; correct OAuth2:ClientId and OAuth2:ClientSecret",
        "invalid_scope" => "the provider knows no such OAuth2:Scope; correct it",
        _ => $"the provider answered {error}; see OAuth2 in Returns:Mailboxes",
    };

    private sealed record Token(string Value, DateTimeOffset Ends);

    /// <summary>RFC 6749 §5. Of an error its one word alone goes on, for descriptions may repeat what was sent.</summary>
    private sealed record Answer(string AccessToken, string RefreshToken, TimeSpan For, string Error)
    {
        public static Answer Read(ReadOnlyMemory<byte> body, int code)
        {
            try
            {
                using var json = JsonDocument.Parse(body);
                var root = json.RootElement;
                var seconds = root.TryGetProperty("expires_in", out var ends) && ends.ValueKind is JsonValueKind.Number && ends.TryGetInt64(out var number) ? Math.Clamp(number, 0, 86_400) : 300;
                var error = string.Concat(Text(root, "error").Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-').Take(60));
                return new(code is 200 ? Text(root, "access_token") : "", Text(root, "refresh_token"), TimeSpan.FromSeconds(seconds), error.Length > 0 ? error : $"with status {code}");
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return new("", "", default, $"with status {code} and no JSON");
            }
        }

        private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
    }
}
