namespace Newsletter.Web;

/// <summary>Paths for links between our pages: below the path of the publication's base address, whether a proxy cuts that off or not.</summary>
internal sealed class SitePaths(Publication publication)
{
    /// <summary>Without the last slash; empty where the base address has no path.</summary>
    public string Base { get; } = new Uri(publication.BaseUrl).AbsolutePath.TrimEnd('/');

    public string Stylesheet => Base + Web.Stylesheet.Path;

    public string Archive => Base + "/archive";

    public string Feed => Base + "/feed.xml";

    /// <summary>A sign-up form; empty: the first.</summary>
    public string Subscribe(string form = "") => form.Length > 0 ? $"{Base}/subscribe/{form}" : $"{Base}/subscribe";

    /// <summary>Sign-ups that are held.</summary>
    public string SignUps => Base + "/signups";

    public string SignUp(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{SignUps}/{id}");

    public string SignIn => Base + "/sign-in";

    public string SignOut => Base + "/sign-out";

    public string Jobs => Base + "/jobs";

    public string Editions => Base + "/editions";

    public string Edition(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Editions}/{id}");

    public string Inbox => Base + "/inbox";

    public string Thread(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Inbox}/{id}");

    /// <summary>A mail as it came.</summary>
    public string RawMail(long mail) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Inbox}/mail/{mail}/raw");

    /// <summary>A file of a mail, to be kept and not to be shown.</summary>
    public string MailFile(long mail, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Inbox}/mail/{mail}/file/{index}");

    /// <summary>An image of a mail, to be shown.</summary>
    public string MailImage(long mail, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Inbox}/mail/{mail}/image/{index}");

    /// <summary>Who is suspended for bounces.</summary>
    public string Suspended => Base + "/suspended";

    public string Suspension(long subscriber) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Suspended}/{subscriber}");

    public string Incidents => Base + "/incidents";

    public string Incident(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Incidents}/{id}");

    /// <summary>Where the renderer says that an issue's page is (<see cref="Composing.RenderedIssue.WebUrl"/>).</summary>
    public string Issue(string slug) => $"{Base}/issues/{Uri.EscapeDataString(slug)}";
}
