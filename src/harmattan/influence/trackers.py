"""Parameters of addresses that say who came from where, not which page it is: one table, by who reads them.

The names are facts that their owners document, and that lists for readers' protection gather: ClearURLs
(https://github.com/ClearURLs/Rules, global rules) and AdGuard's filter of tracking parameters
(https://github.com/AdguardTeam/AdguardFilters). Names that may also choose a page (id, p, source, from, share) stay.
"""

from __future__ import annotations

BY_READER = {
    "Google Analytics": "utm_* ga_source ga_medium ga_term ga_content ga_campaign ga_place _ga _gl gs_l",
    "Google Ads": "gclid gclsrc dclid gbraid wbraid",
    "Meta": "fbclid fb_action_ids fb_action_types fb_source fb_ref fb_comment_id action_object_map action_type_map "
    "action_ref_map igshid igsh mibextid sfnsn",
    "X": "twclid ref_src ref_url __twitter_impression",
    "Microsoft": "msclkid cvid ocid",
    "TikTok": "ttclid",
    "LinkedIn": "li_fat_id",
    "Yandex": "yclid ysclid _openstat",
    "Mailchimp": "mc_cid mc_eid mc_tc",
    "HubSpot": "_hsenc _hsmi __hssc __hstc __hsfp hsctatracking",
    "Marketo": "mkt_tok",
    "Matomo": "pk_* mtm_* piwik_* matomo_*",
    "AT Internet": "xtor at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_origin "
    "at_link_type at_ptr_name at_bbc_team at_format at_campaign_type at_creation",
    "comScore": "ns_source ns_mchannel ns_campaign ns_linkname ns_fee",
    "Adobe": "s_cid s_kwcid ef_id",
    "Webtrekk": "wt_mc wt_zmc",
    "Yahoo": "guccounter guce_referrer guce_referrer_sig",
    "Vero, Omeda, Drip": "vero_id vero_conv oly_enc_id oly_anon_id __s",
    "Taboola": "tblci",
    "Hootsuite and others": "hmb_campaign hmb_medium hmb_source cmpid rb_clickid sr_share smid ito ref",
    "AMP": "amp amp_* usqp outputtype",
}
"""Who reads a parameter, and the parameters in lower case; a star stands for any ending."""

_NAMES = [name for names in BY_READER.values() for name in names.split()]
TRACKERS = frozenset(name for name in _NAMES if not name.endswith("*"))
PREFIXES = tuple(name[:-1] for name in _NAMES if name.endswith("*"))
