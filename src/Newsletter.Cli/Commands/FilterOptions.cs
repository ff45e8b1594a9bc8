using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>Which deliveries of an edition a command is about: <c>--code</c> and <c>--domain</c>.</summary>
internal sealed partial class FilterOptions
{
    private readonly Option<string?> code = new("--code") { Description = "Only those whose last reply had this code (550) or enhanced status (5.1.1)." };
    private readonly Option<string?> domain = new("--domain") { Description = "Only readers of this domain (example.org)." };

    public FilterOptions(Command command)
    {
        command.Options.Add(code);
        command.Options.Add(domain);
        code.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Number().IsMatch(token.Value) && !Status().IsMatch(token.Value))
                result.AddError($"--code {token.Value}: write a reply code such as 550, or an enhanced status such as 5.1.1");
        });
        domain.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && DomainOf(token.Value) is null)
                result.AddError($"--domain {token.Value}: write a domain such as example.org");
        });
    }

    public DeliveryFilter Read(ParseResult args, DeliveryState? state) => new(
        state,
        args.GetValue(code) is { } number && Number().IsMatch(number) ? int.Parse(number, CultureInfo.InvariantCulture) : null,
        args.GetValue(code) is { } status && Status().IsMatch(status) ? status : null,
        args.GetValue(domain) is { } name ? DomainOf(name)! : "");

    private static string? DomainOf(string text) => EmailAddress.Read($"reader@{text.TrimStart('@')}")?.Domain;

    [GeneratedRegex("^[245][0-9][0-9]$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[245]\.[0-9]{1,3}\.[0-9]{1,3}$")]
    private static partial Regex Status();
}
