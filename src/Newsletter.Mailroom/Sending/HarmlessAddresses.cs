using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;

namespace Newsletter.Mailroom;

/// <summary>Addresses as letters bear them, sealed with a key that nobody reads: a click, a bounce or an unsubscribe mail changes nothing.</summary>
public static class HarmlessAddresses
{
    /// <summary>Constant, so that the same input gives the same bytes; and never one of a publication, whose keys are random.</summary>
    private static readonly KeyRing Nobodys = new(0, new Dictionary<byte, byte[]> { [0] = new byte[32] });

    /// <summary>For the publication's domains.</summary>
    /// <exception cref="SettingException">The From address is none.</exception>
    public static OurAddresses Of(Publication publication, IConfiguration configuration)
    {
        var from = EmailAddress.Read(publication.FromAddress) ?? throw new SettingException($"Publication:FromAddress is no mail address: {publication.FromAddress}");
        var returns = configuration["Returns:Domain"];
        return new(new SealedTokens(Nobodys), string.IsNullOrEmpty(returns) ? from.Domain : returns, from.Domain, publication.BaseUrl.TrimEnd('/'));
    }

    /// <summary>For mails of the house: in the sandbox a tester gets them, and their links must not do what a reader's would.</summary>
    internal static OurAddresses InSandbox(IServiceProvider provider, IConfiguration configuration) => string.IsNullOrEmpty(configuration["Sending:Sandbox"])
        ? provider.GetRequiredService<OurAddresses>()
        : Of(provider.GetRequiredService<Publication>(), configuration);
}
