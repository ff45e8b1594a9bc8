using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Newsletter.Web;

/// <summary>The pages of one reader: that to which a letter leads, and those whose links go to one mailbox alone. GET shows and changes nothing, a POST acts, without cookie.</summary>
internal static class PreferencesEndpoints
{
    public static void MapPreferences(this IEndpointRouteBuilder pages)
    {
        pages.MapReaderLink("/p/{token}",
            (HttpContext context, string token, PreferencesDesk desk) => desk.ShowAsync(context, token),
            (HttpContext context, string token, PreferencesDesk desk) => desk.ActAsync(context, token));
        pages.MapReaderLink("/own/{token}",
            (HttpContext context, string token, OwnDesk desk) => desk.ShowAsync(context, token),
            (HttpContext context, string token, OwnDesk desk) => desk.ActAsync(context, token));
        pages.MapReaderLink("/address/{token}",
            (HttpContext context, string token, NewAddressDesk desk) => desk.ShowAsync(context, token),
            (HttpContext context, string token, NewAddressDesk desk) => desk.ActAsync(context, token));
    }
}
