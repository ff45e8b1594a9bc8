namespace Newsletter.Mailroom;

/// <summary>Whose tokens open a mailbox.</summary>
public enum OAuth2Provider
{
    /// <summary>Another one: <see cref="OAuth2Options.TokenEndpoint"/> names it.</summary>
    Other,

    /// <summary>Gmail and Google Workspace.</summary>
    Google,

    /// <summary>Microsoft 365 and Outlook.</summary>
    Microsoft,
}

/// <summary>How access tokens for a mailbox are got (RFC 6749): by a refresh token, or, without one, by the client's own right (§4.4).</summary>
public sealed class OAuth2Options
{
    /// <summary>Google, Microsoft, or Other with an endpoint.</summary>
    public OAuth2Provider Provider { get; init; }

    /// <summary>The application, as it is registered with the provider. Empty: no OAuth2, the password is used.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>Its secret, where it has one: from the environment or a file kept from others.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>What the provider gave when the account's owner agreed; likewise secret. Empty: the client's own right.</summary>
    public string RefreshToken { get; init; } = "";

    /// <summary>Where tokens are given. Empty: the provider's; for Microsoft with the tenant <c>common</c>.</summary>
    public string TokenEndpoint { get; init; } = "";

    /// <summary>What the token is for. Empty: none is asked for with a refresh token (it has its own), and Microsoft's default without one.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The endpoint in use; empty where none is known.</summary>
    internal string Endpoint => TokenEndpoint.Length > 0 ? TokenEndpoint : Provider switch
    {
        OAuth2Provider.Google => "https://oauth2.googleapis.com/token",
        OAuth2Provider.Microsoft => "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        _ => "",
    };

    /// <summary>The scope in use; empty: none is said.</summary>
    internal string ActualScope => Scope.Length == 0 && RefreshToken.Length == 0 && Provider is OAuth2Provider.Microsoft ? "https://outlook.office365.com/.default" : Scope;

    /// <summary>What is wrong with it; null: nothing.</summary>
    internal (string Key, string Words)? Fault()
    {
        if (Endpoint.Length == 0)
            return (nameof(TokenEndpoint), "is missing: name where the provider gives tokens, or set Provider to Google or Microsoft");
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) || (address.Scheme != "https" && !(address.Scheme == "http" && address.IsLoopback)))
            return (nameof(TokenEndpoint), "is no https address: secrets are sent there");
        return RefreshToken.Length == 0 && ClientSecret.Length == 0
            ? (nameof(RefreshToken), "is missing: it, or a ClientSecret that gives the application a right of its own")
            : null;
    }
}
