"""The columns of a file of shop units, and the words that may stand in them."""

from __future__ import annotations

from api.importers.mapping import Field, names

STATUS = {
    **dict.fromkeys(("occupied", "bezet", "ingevuld", "inuse", "ingebruik", "occupe", "actief"), "occupied"),
    **dict.fromkeys(("vacant", "leeg", "leegstand", "leegstaand", "vide", "inoccupe", "empty"), "vacant"),
    **dict.fromkeys(("nonretail", "geenhandel", "woning", "noncommercial", "horshandel"), "non_retail"),
    **dict.fromkeys(("unknown", "onbekend", "inconnu"), "unknown"),
    # A column of yes and no that was mapped to status says whether the unit is vacant.
    **dict.fromkeys(("true", "1", "ja", "oui", "yes"), "vacant"),
    **dict.fromkeys(("false", "0", "nee", "neen", "non", "no"), "occupied"),
}  # fmt: skip
FLOOR = {
    **dict.fromkeys(("ground", "gelijkvloers", "gelijkvloer", "glv", "rdc", "rezdechaussee", "0"), "ground"),
    **dict.fromkeys(("upper", "verdieping", "etage", "1", "2", "3"), "upper"),
    **dict.fromkeys(("basement", "kelder", "soussol", "1ondergronds"), "basement"),
    **dict.fromkeys(("unknown", "onbekend", "inconnu"), "unknown"),
}
FITOUT = {
    **dict.fromkeys(("ready", "instapklaar", "pretalemploi"), "ready"),
    **dict.fromkeys(("refresh", "opfrissing", "opfrissingnodig", "arafraichir"), "refresh"),
    **dict.fromkeys(("renovate", "renovatie", "renovatienodig", "arenover"), "renovate"),
    **dict.fromkeys(("shell", "casco", "grosoeuvre"), "shell"),
}
LIFECYCLE = {
    **dict.fromkeys(("active", "actief", "actif"), "active"),
    **dict.fromkeys(("converted", "herbestemd", "reconverti"), "converted"),
    **dict.fromkeys(("merged", "samengevoegd", "fusionne"), "merged"),
    **dict.fromkeys(("split", "gesplitst", "divise"), "split"),
    **dict.fromkeys(("demolished", "gesloopt", "demoli"), "demolished"),
}
MARKET = {
    **dict.fromkeys(("announced", "aangekondigd", "annonce"), "announced"),
    **dict.fromkeys(("unlisted", "nietaangeboden", "nonpropose"), "unlisted"),
    **dict.fromkeys(("listed", "tehuur", "tekoop", "tehuurtekoop", "alouer", "avendre", "tolet"), "listed"),
    **dict.fromkeys(("underoffer", "inonderhandeling", "onderhandeling", "ennegociation"), "under_offer"),
    **dict.fromkeys(("signed", "verhuurd", "loue"), "signed"),
    **dict.fromkeys(("fitout", "ininrichting", "enamenagement"), "fit_out"),
    **dict.fromkeys(("temporaryuse", "tijdelijk", "tijdelijkeinvulling", "temporaire"), "temporary_use"),
    **dict.fromkeys(("withdrawn", "uitdemarkt", "retire"), "withdrawn"),
}  # fmt: skip

_CODE = "code id unit_id pand_id pandid verkooppunt_id verkooppuntid vkp_id locatus_id object_id referentie"
_OCCUPANT = "name naam formule trading_name handelsnaam winkelnaam enseigne nom_commercial shop_name"
_AREA = "wvo_m2 wvo winkelvloeroppervlakte sales_floor_area_m2 oppervlakte surface_vente surface_m2 m2 opp"
_SEEN = "last_visit laatste_bezoek laatste_bezoekdatum bezoekdatum datum_bezoek survey_date peildatum"
_RENT = "asking_rent_month asking_rent gevraagde_huur huurprijs huur_per_maand loyer loyer_mensuel"

FIELDS = (
    Field("local_code", names=names(_CODE)),
    Field("nis_code", names=names("nis niscode municipality gemeente commune")),
    Field("occupant_name", names=names(_OCCUPANT)),
    Field("name", names=names("unit_name pandnaam naam_pand")),
    Field("address", names=names("adres adresse business_address volledig_adres")),
    Field("street", names=names("straat straatnaam rue street_name nom_rue")),
    Field("house_number", names=names("huisnummer huisnr nr nummer numero num housenumber")),
    Field("house_number_suffix", names=names("toevoeging huisletter suffix")),
    Field("house_number_end", names=names("huisnummer_tot nummer_tot")),
    Field("box", names=names("bus busnummer busnr boite bte")),
    Field("postcode", names=names("postnummer code_postal zip zipcode")),
    Field("place", names=names("plaats localite woonplaats city town deelgemeente")),
    Field("status", "choice", names("toestand statut state bezetting"), choices=STATUS, otherwise="unknown"),
    Field("is_vacant", "boolean", names("vacant leegstand leegstaand leeg vide inoccupe")),
    Field("branch_code", names=names("branchecode code_branche nace industry_code")),
    Field("branch_text", names=names("branche branch sector activiteit activite industry")),
    Field("is_chain", "boolean", names("filiaal keten chain filiaalbedrijf chaine")),
    Field("is_anchor", "boolean", names("trekker anchor locomotive")),
    Field("is_storefront", "boolean", names("etalage winkelpui vitrine storefront")),
    Field("floor_level", "choice", names("verdieping etage niveau floor"), choices=FLOOR),
    Field("lifecycle", "choice", names("levensloop"), choices=LIFECYCLE),
    Field("fitout_state", "choice", names("afwerking staat etat"), choices=FITOUT),
    Field("floor_area_m2", "number", names(_AREA), lowest=1, highest=200_000),
    Field("gross_area_m2", "number", names("bvo bvo_m2 bruto_m2 surface_brute"), lowest=1, highest=500_000),
    Field("frontage_m", "number", names("gevelbreedte pandbreedte facade_m"), lowest=0.5, highest=500),
    Field("is_terrace_possible", "boolean", names("terras terras_mogelijk terrasse terrace")),
    Field("is_horeca_permitted", "boolean", names("horecavergunning horeca_vergunning permis_horeca horeca_permit")),
    Field("vacant_since", "date", names("leeg_sinds leegstand_sinds leegstaand_sinds vide_depuis")),
    Field("market_status", "choice", names("marktstatus statut_marche"), choices=MARKET),
    Field("asking_rent_eur_per_month", "number", names(_RENT), lowest=1, highest=1_000_000),
    Field("seen_on", "date", names(_SEEN)),
    Field("last_seen_on", "date"),
    Field("moved_from_local_code", names=names("vorig_pand verhuisd_van previous_unit moved_from ancien_local")),
    Field("note", names=names("opmerking opmerkingen remarque nota")),
)  # fmt: skip
