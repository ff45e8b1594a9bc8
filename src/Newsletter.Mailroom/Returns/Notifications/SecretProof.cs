using System.Text;

namespace Newsletter.Mailroom;

/// <summary>Postmark and Brevo sign nothing: they show a secret that they were given, by HTTP basic authentication (RFC 7617), as a bearer token, or in a header of its own.</summary>
internal sealed class SecretProof(NotificationOptions options) : INotificationProof
{
    private const string Authorization = "Authorization";

    private readonly string place = options.Header.Length > 0 ? options.Header : Authorization;
    private readonly List<string> accepted = Accepted(options);

    public string Trust => "secret";

    public Proof? Look(Func<string, string?> header, DateTimeOffset now)
    {
        var shown = new[] { header(Authorization), header(place) }.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (shown.Count == 0)
            return new Proof.Missing("it shows no secret");
        var holds = shown.Aggregate(false, (known, value) => known | Proofing.IsOneOf(value, accepted));
        return holds ? null : new Proof.Wrong("the secret that it shows is another");
    }

    public Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct) => Task.FromResult(Look(posted.Header, now) ?? new Proof.Holds());

    /// <summary>The whole values of headers that count. The scheme is written as these providers write it.</summary>
    private static List<string> Accepted(NotificationOptions options)
    {
        var values = options.Keys.Select(key => options.Header.Length is 0 || options.Header.Equals(Authorization, StringComparison.OrdinalIgnoreCase) ? $"Bearer {key}" : key).ToList();
        if (options.User.Length > 0 && options.Password.Length > 0)
            values.Add($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"))}");
        return values;
    }
}
